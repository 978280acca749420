#include "viewer/palette.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <string>
#include <utility>

#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

constexpr int kNoMatch = std::numeric_limits<int>::max();

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool comes_in_order(const std::string& letters, const std::string& text) {
    std::size_t next = 0;
    for (const char c : text) {
        next += next < letters.size() && letters[next] == c ? 1U : 0U;
    }
    return next == letters.size();
}

// Smaller is likelier.
int distance_of(const std::string& wanted, const std::string& text) {
    if (const auto at = text.find(wanted); at != std::string::npos) {
        const bool begins_word = at == 0 || text[at - 1] == ' ' || text[at - 1] == '-';
        return at == 0 ? 0 : begins_word ? 1 : 2;
    }
    return comes_in_order(wanted, text) ? 3 : kNoMatch;
}

// Every word has to be found; the worst of them counts.
int distance_of(const std::vector<std::string>& wanted, const Action& action) {
    int worst = 0;
    for (const auto& word : wanted) {
        worst = std::max(worst, std::min(distance_of(word, lower(action.label)),
                                         distance_of(word, lower(action.name))));
    }
    return worst;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : lower(text) + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    return words;
}

}  // namespace

std::vector<const Action*> matching_actions(const ActionTable& table, const Workspace& workspace,
                                            std::string_view text) {
    auto wanted = words_of(text);
    // "goto 31": the words after the name of an action are for it.
    if (!wanted.empty() && table.find(wanted.front()) != nullptr) {
        wanted.resize(1);
    }
    std::vector<std::pair<int, const Action*>> found;
    for (const auto& action : table.actions()) {
        const int distance = distance_of(wanted, action);
        if (distance != kNoMatch) {
            const bool exact = wanted.size() == 1 && lower(action.name) == wanted.front();
            const int rank = exact ? -1 : 2 * distance + (action.enabled(workspace) ? 0 : 1);
            found.emplace_back(wanted.empty() ? 0 : rank, &action);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Action*> actions;
    for (const auto& [rank, action] : found) {
        actions.push_back(action);
    }
    return actions;
}

}  // namespace dsm::viewer
