// The report as plain text, for the clipboard and for systems that take nothing else.
#include <algorithm>
#include <sstream>

#include "dsp/reading/report.h"

namespace dsm {

namespace {

using namespace reading;

constexpr std::size_t kColumns = 78;

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

class Writer {
 public:
    void operator()(const Paragraph& block) {
        if (block.style == Paragraph::Style::heading) {
            out_ << '\n';
        }
        flow("", block.style == Paragraph::Style::note ? "- " + block.text : block.text,
             block.style == Paragraph::Style::note ? 2 : 0);
    }
    void operator()(const Facts& block) {
        for (const auto& [name, value] : block.rows) {
            named(name, value);
        }
    }
    void operator()(const Table& block) {
        if (block.head.size() == 2) {  // more columns name themselves in every line
            flow("", block.head[0] + ": " + block.head[1], 0);
        }
        for (const auto& row : block.rows) {
            std::string line;
            for (std::size_t i = 1; i < row.size(); ++i) {
                if (row[i].text.empty()) {
                    continue;
                }
                const bool named_column = row.size() > 2;
                line += (line.empty() ? "" : "; ") + (named_column ? block.head[i] + ": " : "") +
                        row[i].text;
            }
            named(row.empty() ? "" : row.front().text, line);
        }
    }
    void operator()(const Picture&) {}  // text has none
    void operator()(const Gallery& block) {
        for (const Picture& picture : block.pictures) {
            flow("", "- " + picture.caption, 2);
        }
    }
    void operator()(const Opinion& block) {
        named(block.who, block.verdict + (block.text.empty() ? "" : ". " + block.text));
    }
    void operator()(const Card& block) {
        out_ << '\n';
        flow("", block.title + " [" + block.label + "]", 0);
        (*this)(block.software);
        if (!block.why.empty()) {
            named("Why", block.why);
        }
        (*this)(block.reader);
    }

    void title(const std::string& text, char rule) {
        const std::string line = harmless(text);
        out_ << line << '\n' << std::string(std::min(kColumns, characters(line)), rule) << '\n';
    }
    void line(const std::string& text) { flow("", text, 0); }
    void gap() { out_ << '\n'; }
    [[nodiscard]] std::string text() const { return out_.str(); }

 private:
    void named(const std::string& name, const std::string& value) {
        constexpr std::size_t kNames = 24;
        std::string head = "  " + harmless(name) + ":";
        head += characters(head) < kNames ? std::string(kNames - characters(head), ' ') : " ";
        flow(head, value, kNames);
    }
    // Words broken into lines; those after the first are indented.
    void flow(const std::string& head, const std::string& text, std::size_t indent) {
        std::string line = head;
        bool fresh = true;
        std::istringstream words(harmless(text));
        for (std::string word; words >> word;) {
            if (!fresh && characters(line) + 1 + characters(word) > kColumns) {
                out_ << line << '\n';
                line = std::string(indent, ' ');
                fresh = true;
            }
            line += (fresh ? "" : " ") + word;
            fresh = false;
        }
        out_ << line << '\n';
    }

    std::ostringstream out_;
};

}  // namespace

std::string report_text(const reading::Document& report) {
    Writer writer;
    writer.title(report.title, '=');
    writer.line(report.subject);
    writer.line(report.notice);
    for (const Section& section : report.sections) {
        const bool shows =
            std::any_of(section.blocks.begin(), section.blocks.end(),
                        [](const Block& block) { return !std::holds_alternative<Picture>(block); });
        if (!shows) {
            continue;
        }
        writer.gap();
        writer.title(section.title, '-');
        for (const Block& block : section.blocks) {
            std::visit(writer, block);
        }
    }
    writer.gap();
    writer.line(report.notice);
    return writer.text();
}

}  // namespace dsm
