// A reading report as blocks of content, before it has a form. Made once, so that HTML, PDF and
// plain text say the same. Texts are as they came, hostile ones too: each form escapes for itself,
// after harmless(). Frames count from 1 here, as viewers and archives show them.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dsm::reading {

enum class Tone { plain, good, doubtful, bad };

struct Paragraph {
    enum class Style { body, note, heading } style{Style::body};
    std::string text;
};

// Name and value, one a line.
struct Facts {
    std::vector<std::pair<std::string, std::string>> rows;
};

struct Cell {
    std::string text;
    Tone tone{Tone::plain};  // never the only carrier of a meaning
};
struct Table {
    std::vector<std::string> head;
    std::vector<double> shares;  // of the width, one a column, summing to 1
    std::vector<std::vector<Cell>> rows;
};

struct Picture {
    std::string png;  // the bytes of the file; empty: there is none
    int width_px{0};
    int height_px{0};
    std::string caption;
    enum class Size { figure, page } size{Size::figure};  // page: the whole width, if it must be
};

// Pictures side by side, two in a row, each with its caption.
struct Gallery {
    std::vector<Picture> pictures;
};

// One opinion, under the name of who holds it.
struct Opinion {
    std::string who;
    std::string verdict;
    Tone tone{Tone::plain};
    std::string text;
};

// One finding: what the software says of it, what the reader says, and how it looks.
struct Card {
    std::string title;
    std::string label;  // grade, in a few words
    Tone tone{Tone::plain};
    Facts software;
    std::string why;
    Opinion reader;
    Picture picture;
};

using Block = std::variant<Paragraph, Facts, Table, Picture, Gallery, Opinion, Card>;

struct Section {
    std::string title;
    std::vector<Block> blocks;
};

struct Document {
    std::string title;
    std::string subject;  // which run, in a line
    std::string notice;
    std::string made;  // ISO 8601, may be empty
    std::string foot;  // of every page: whose it is, and the notice
    std::vector<Section> sections;
};

// Valid UTF-8 on one line, without control characters and without those that turn the direction of
// writing (a name could otherwise make its neighbours read backwards).
[[nodiscard]] std::string harmless(const std::string& text);

}  // namespace dsm::reading
