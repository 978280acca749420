#include "viewer/script.h"

#include <fstream>
#include <sstream>

namespace dsm::viewer {

Result<std::vector<std::string>> split_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '\\' && i + 1 < line.size()) {
            word += line[++i];
        } else if (c == '"') {
            quoted = !quoted;
            in_word = true;
        } else if (!quoted && c == '#' && !in_word) {
            break;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\r')) {
            if (in_word) {
                words.push_back(std::move(word));
            }
            word.clear();
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quoted) {
        return fail(ErrorKind::invalid_input, std::string(line), "a quote is not closed",
                    "close it with \"");
    }
    if (in_word) {
        words.push_back(std::move(word));
    }
    return words;
}

Result<std::vector<ScriptLine>> parse_script(std::string_view text, const std::string& subject) {
    std::vector<ScriptLine> lines;
    std::istringstream in{std::string(text)};
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        auto words = split_words(line);
        if (!words) {
            return fail(ErrorKind::invalid_input, subject + ":" + std::to_string(number),
                        words.error().what, words.error().remedy);
        }
        if (words->empty()) {
            continue;
        }
        Invocation invocation{std::move(words->front()), {}};
        invocation.arguments.assign(std::make_move_iterator(words->begin() + 1),
                                    std::make_move_iterator(words->end()));
        lines.push_back({number, line, std::move(invocation)});
    }
    return lines;
}

Result<std::vector<ScriptLine>> read_script(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::not_found, file.string(), "the script cannot be read",
                    "check the name");
    }
    std::ostringstream text;
    text << in.rdbuf();
    return parse_script(text.str(), file.string());
}

}  // namespace dsm::viewer
