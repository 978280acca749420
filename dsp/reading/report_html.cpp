// The report as one HTML file. Every text goes through escaped(), and a policy in the head forbids
// scripts and anything from elsewhere, should one ever slip through.
#include <array>
#include <cstdint>

#include "dsp/reading/report.h"

namespace dsm {

namespace {

using namespace reading;

constexpr const char* kStyle = R"css(
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-left { content: "Research software, not for diagnostic use"; font: 8pt sans-serif; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
body { margin: 0; background: #e9ebee; color: #16191d; font: 10pt/1.42 "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 190mm; margin: 8mm auto; padding: 14mm 13mm; background: #fff; }
header { border-bottom: 1.5pt solid #1d3a5f; padding-bottom: 3mm; margin-bottom: 4mm; }
h1 { margin: 0; font-size: 17pt; color: #1d3a5f; }
header p { margin: 0; color: #4b535d; overflow-wrap: anywhere; }
.notice { display: inline-block; margin-top: 2mm; padding: .8mm 2.5mm; border: 1pt solid #8a4b00; color: #6d3b00; font-weight: bold; font-size: 9pt; }
h2 { margin: 7mm 0 2.5mm; font-size: 12pt; color: #1d3a5f; border-bottom: .5pt solid #c5cbd3; break-after: avoid; }
h3 { margin: 4mm 0 1mm; font-size: 10.5pt; break-after: avoid; }
dl { display: grid; grid-template-columns: 34mm 1fr; gap: .6mm 4mm; margin: 0; }
dt { color: #59626d; } dd { margin: 0; overflow-wrap: anywhere; }
.note { color: #3f4750; font-size: 9pt; margin: 1.5mm 0; overflow-wrap: anywhere; }
.opinion { border-left: 3pt solid #8b95a1; background: #f4f6f8; padding: 1.8mm 3mm; margin: 2mm 0; break-inside: avoid; overflow-wrap: anywhere; }
.opinion .who { color: #59626d; font-size: 8.5pt; text-transform: uppercase; letter-spacing: .04em; margin-right: 2mm; }
.opinion p { margin: .8mm 0 0; }
.bad { border-left-color: #b3470a; } .doubtful { border-left-color: #b08a00; } .good { border-left-color: #00684d; }
.card { border: .75pt solid #c5cbd3; border-left: 3pt solid #8b95a1; padding: 2.5mm 3mm; margin: 3mm 0; break-inside: avoid; }
.card.bad { border-left-color: #b3470a; } .card.doubtful { border-left-color: #b08a00; }
.card h3 { margin: 0 0 2mm; display: flex; justify-content: space-between; gap: 4mm; overflow-wrap: anywhere; }
.card h3 span + span { color: #4b535d; white-space: nowrap; }
.card .body { display: grid; grid-template-columns: 1fr 72mm; gap: 4mm; align-items: start; }
.card .body.alone { grid-template-columns: 1fr; }
.card dl { grid-template-columns: 22mm 1fr; font-size: 9pt; }
figure { margin: 2mm 0; break-inside: avoid; } figure img { display: block; width: 100%; height: auto; }
figure.tall img { width: auto; max-width: 100%; max-height: 120mm; margin: 0 auto; }
.card figure.tall img { width: 100%; }
.gallery { display: grid; grid-template-columns: 1fr 1fr; gap: 2mm 5mm; align-items: start; }
.gallery figure.tall img { width: 100%; max-height: none; }
figcaption { color: #59626d; font-size: 8pt; margin-top: 1mm; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 9pt; margin: 2mm 0 3mm; }
th { text-align: left; color: #1d3a5f; border-bottom: 1pt solid #1d3a5f; padding: 1mm 1.5mm; }
td { border-bottom: .5pt solid #dde1e6; padding: 1mm 1.5mm; vertical-align: top; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
td.good { background: #e3f2ec; } td.bad { background: #fae7dc; } td.doubtful { background: #f1f2f4; color: #4b535d; }
footer { margin-top: 7mm; border-top: .5pt solid #c5cbd3; padding-top: 2mm; color: #4b535d; font-size: 8.5pt; }
@media print { body { background: #fff; } main { margin: 0; padding: 0; max-width: none; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : harmless(text)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// RFC 4648, section 4.
std::string base64(const std::string& bytes) {
    constexpr const char* kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t there = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8U) | (i < there ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= there ? kLetters[(group >> (18U - 6U * i)) & 63U] : '=';
        }
    }
    return out;
}

const char* class_of(reading::Tone tone) {
    constexpr std::array<const char*, 4> kNames{"", "good", "doubtful", "bad"};
    return kNames[static_cast<std::size_t>(tone)];
}

class Writer {
 public:
    void operator()(const Paragraph& block) {
        if (block.style == Paragraph::Style::heading) {
            out_ += "<h3>" + escaped(block.text) + "</h3>\n";
        } else {
            const bool note = block.style == Paragraph::Style::note;
            out_ += (note ? "<p class=\"note\">" : "<p>") + escaped(block.text) + "</p>\n";
        }
    }
    void operator()(const Facts& block) {
        out_ += "<dl>\n";
        for (const auto& [name, value] : block.rows) {
            out_ += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>\n";
        }
        out_ += "</dl>\n";
    }
    void operator()(const Table& block) {
        out_ += "<table><colgroup>";
        for (const double share : block.shares) {
            out_ +=
                "<col style=\"width:" + std::to_string(static_cast<int>(100.0 * share)) + "%\">";
        }
        out_ += "</colgroup>\n<thead><tr>";
        for (const std::string& head : block.head) {
            out_ += "<th scope=\"col\">" + escaped(head) + "</th>";
        }
        out_ += "</tr></thead>\n<tbody>\n";
        for (const auto& row : block.rows) {
            out_ += "<tr>";
            for (const Cell& cell : row) {
                out_ += std::string("<td class=\"") + class_of(cell.tone) + "\">" +
                        escaped(cell.text) + "</td>";
            }
            out_ += "</tr>\n";
        }
        out_ += "</tbody></table>\n";
    }
    void operator()(const Picture& block) {
        if (block.png.empty()) {
            return;
        }
        const bool tall = block.size == Picture::Size::figure;
        out_ += std::string("<figure") + (tall ? " class=\"tall\"" : "") + "><img alt=\"" +
                escaped(block.caption) + "\" width=\"" + std::to_string(block.width_px) +
                "\" height=\"" + std::to_string(block.height_px) +
                "\" src=\"data:image/png;base64," + base64(block.png) + "\"><figcaption>" +
                escaped(block.caption) + "</figcaption></figure>\n";
    }
    void operator()(const Gallery& block) {
        out_ += "<div class=\"gallery\">\n";
        for (const Picture& picture : block.pictures) {
            (*this)(picture);
        }
        out_ += "</div>\n";
    }
    void operator()(const Opinion& block) {
        out_ += std::string("<div class=\"opinion ") + class_of(block.tone) +
                "\"><span class=\"who\">" + escaped(block.who) + "</span><strong>" +
                escaped(block.verdict) + "</strong>";
        out_ += block.text.empty() ? "" : "<p>" + escaped(block.text) + "</p>";
        out_ += "</div>\n";
    }
    void operator()(const Card& block) {
        out_ += std::string("<article class=\"card ") + class_of(block.tone) + "\"><h3><span>" +
                escaped(block.title) + "</span><span>" + escaped(block.label) +
                "</span></h3>\n<div class=\"body" + (block.picture.png.empty() ? " alone" : "") +
                "\"><div>\n";
        (*this)(block.software);
        out_ += block.why.empty() ? "" : "<p class=\"note\">" + escaped(block.why) + "</p>\n";
        (*this)(block.reader);
        out_ += "</div>\n";
        (*this)(block.picture);
        out_ += "</div></article>\n";
    }

    void add(const std::string& html) { out_ += html; }
    [[nodiscard]] std::string html() && { return std::move(out_); }

 private:
    std::string out_;
};

}  // namespace

std::string report_html(const reading::Document& report) {
    Writer writer;
    writer.add(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "img-src data:; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    writer.add(escaped(report.title + ": " + report.subject) + "</title>\n<style>" + kStyle +
               "</style></head>\n<body><main>\n<header><h1>" + escaped(report.title) + "</h1><p>" +
               escaped(report.subject) + "</p><span class=\"notice\">" + escaped(report.notice) +
               "</span></header>\n");
    for (const Section& section : report.sections) {
        writer.add("<section><h2>" + escaped(section.title) + "</h2>\n");
        for (const Block& block : section.blocks) {
            std::visit(writer, block);
        }
        writer.add("</section>\n");
    }
    writer.add("<footer>" + escaped(report.foot) + "</footer>\n</main></body></html>\n");
    return std::move(writer).html();
}

}  // namespace dsm
