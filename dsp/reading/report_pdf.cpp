// The report on A4 pages through Cairo. Laid out twice: the first time tells how many pages there
// are.
#include <cairo-pdf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "dsp/core/atomic_file.h"
#include "dsp/reading/pdf_flow.h"
#include "dsp/reading/report.h"

namespace dsm {

namespace {

using namespace reading;

constexpr Colour kInk{0.085, 0.10, 0.115};
constexpr Colour kDimInk{0.33, 0.37, 0.42};
constexpr Colour kBlue{0.114, 0.227, 0.373};
constexpr Colour kHairline{0.77, 0.80, 0.83};
constexpr Colour kGround{0.957, 0.965, 0.973};
constexpr Colour kWarningInk{0.43, 0.23, 0.0};

constexpr TextStyle kTitle{17.0, kBlue, true};
constexpr TextStyle kSectionTitle{11.5, kBlue, true};
constexpr TextStyle kCardTitle{10.0, kInk, true};
constexpr TextStyle kBody{9.0, kInk, false};
constexpr TextStyle kStrong{9.0, kInk, true};
constexpr TextStyle kName{8.5, kDimInk, false};
constexpr TextStyle kValue{8.5, kInk, false};
constexpr TextStyle kNote{8.0, kDimInk, false};
constexpr TextStyle kTableHead{8.0, kBlue, true};

constexpr double kWidth = PdfFlow::kRight - PdfFlow::kLeft;

Colour bar_of(reading::Tone tone) {
    constexpr std::array<Colour, 4> kBars{Colour{0.545, 0.584, 0.631}, Colour{0.0, 0.41, 0.30},
                                          Colour{0.69, 0.54, 0.0}, Colour{0.70, 0.28, 0.04}};
    return kBars[static_cast<std::size_t>(tone)];
}

Colour ground_of(reading::Tone tone) {
    constexpr std::array<Colour, 4> kGrounds{Colour{1, 1, 1}, Colour{0.89, 0.95, 0.925},
                                             Colour{0.945, 0.949, 0.957},
                                             Colour{0.98, 0.906, 0.863}};
    return kGrounds[static_cast<std::size_t>(tone)];
}

double height_of(const std::vector<std::string>& lines, const TextStyle& style) {
    return static_cast<double>(lines.size()) * line_height(style);
}

struct DestroySurface {
    void operator()(cairo_surface_t* surface) const { ::cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;

Surface decoded(const std::string& png) {
    struct Rest {
        const char* at;
        std::size_t bytes;
    } rest{png.data(), png.size()};
    const auto read = [](void* from, unsigned char* to, unsigned length) {
        auto& left = *static_cast<Rest*>(from);
        if (left.bytes < length) {
            return CAIRO_STATUS_READ_ERROR;
        }
        std::memcpy(to, left.at, length);
        left.at += length;
        left.bytes -= length;
        return CAIRO_STATUS_SUCCESS;
    };
    return Surface(::cairo_image_surface_create_from_png_stream(read, &rest));
}

class Writer {
 public:
    explicit Writer(PdfFlow& flow) : flow_(flow) {}

    void head(const Document& report) {
        flow_.lines(PdfFlow::kLeft, flow_.broken(report.title, kTitle, kWidth), kTitle);
        flow_.advance(2.0);
        flow_.lines(PdfFlow::kLeft, flow_.broken(report.subject, kName, kWidth), kName);
        flow_.advance(5.0);
        constexpr TextStyle kNotice{8.5, kWarningInk, true};
        const double width = flow_.canvas().text_width(report.notice, kNotice) + 12.0;
        flow_.canvas().outline({PdfFlow::kLeft, flow_.y(), width, 16.0}, kWarningInk, 0.8);
        (void)flow_.lines_at({PdfFlow::kLeft + 6.0, flow_.y() + 2.6}, {report.notice}, kNotice);
        flow_.advance(22.0);
        flow_.canvas().line({PdfFlow::kLeft, flow_.y()}, {PdfFlow::kRight, flow_.y()}, kBlue, 1.2);
        flow_.advance(2.0);
    }
    void section(const Section& section) {
        flow_.need(kTitleRoom + room_of_first(section));
        flow_.advance(10.0);
        flow_.lines(PdfFlow::kLeft, {section.title}, kSectionTitle);
        flow_.canvas().line({PdfFlow::kLeft, flow_.y() + 1.0}, {PdfFlow::kRight, flow_.y() + 1.0},
                            kHairline, 0.5);
        flow_.advance(6.0);
        for (const Block& block : section.blocks) {
            std::visit(*this, block);
        }
    }

    void operator()(const Paragraph& block) {
        const bool note = block.style == Paragraph::Style::note;
        const TextStyle& style = note                                       ? kNote
                                 : block.style == Paragraph::Style::heading ? kCardTitle
                                                                            : kBody;
        if (block.style == Paragraph::Style::heading) {
            constexpr double kWithFirstRow = 110.0;
            flow_.need(kWithFirstRow);
            flow_.advance(6.0);
        }
        flow_.lines(PdfFlow::kLeft, flow_.broken(block.text, style, kWidth), style);
        flow_.advance(3.0);
    }
    void operator()(const Facts& block) {
        for (const auto& [name, value] : block.rows) {
            constexpr double kNames = 112.0;
            const auto lines = flow_.broken(value, kValue, kWidth - kNames);
            flow_.need(line_height(kValue));
            (void)flow_.lines_at({PdfFlow::kLeft, flow_.y()},
                                 {flow_.canvas().fitted(name, kName, kNames - 6.0)}, kName);
            if (lines.empty()) {
                flow_.advance(line_height(kValue));
            }
            flow_.lines(PdfFlow::kLeft + kNames, lines, kValue);
        }
    }
    void operator()(const Table& block) {
        constexpr double kHead = 24.0;
        bool first = true;
        for (const auto& row : block.rows) {
            std::vector<std::vector<std::string>> cells;
            double height = line_height(kValue);
            for (std::size_t i = 0; i < row.size(); ++i) {
                cells.push_back(
                    flow_.broken(row[i].text, kValue, block.shares[i] * kWidth - 2 * kCellPad));
                height = std::max(height, height_of(cells.back(), kValue));
            }
            height += 4.0;
            const bool taller_than_a_page = height > PdfFlow::whole_page() - kHead;
            const bool turns = !taller_than_a_page && height + (first ? kHead : 0.0) > flow_.room();
            if (turns) {
                flow_.need(PdfFlow::whole_page());
            }
            if (turns || first) {
                table_head(block);
            }
            first = false;
            if (taller_than_a_page) {
                for (const auto& lines : cells) {
                    flow_.lines(PdfFlow::kLeft + kCellPad, lines, kValue);
                }
            } else {
                table_row(block, row, cells, height);
            }
        }
        flow_.advance(6.0);
    }
    void operator()(const Picture& block) {
        if (block.png.empty()) {
            return;
        }
        const auto caption = flow_.broken(block.caption, kNote, kWidth);
        const Box size = fitted(block, kWidth, tallest(block));
        flow_.need(size.height + height_of(caption, kNote) + 4.0);
        draw_picture(block, {PdfFlow::kLeft + (kWidth - size.width) / 2, flow_.y(), size.width,
                             size.height});
        flow_.advance(size.height + 3.0);
        flow_.lines(PdfFlow::kLeft, caption, kNote);
        flow_.advance(6.0);
    }
    void operator()(const Gallery& block) {
        for (std::size_t i = 0; i < block.pictures.size(); i += 2) {
            gallery_row(block, i);
        }
        flow_.advance(3.0);
    }
    void operator()(const Opinion& block) {
        const auto text = flow_.broken(block.text, kBody, kWidth - 20.0);
        const double height = opinion_height(block, text);
        if (height > PdfFlow::whole_page()) {
            flow_.lines(PdfFlow::kLeft, {block.who + ": " + block.verdict}, kStrong);
            flow_.lines(PdfFlow::kLeft, text, kBody);
            return;
        }
        flow_.need(height);
        draw_opinion(block, text, {PdfFlow::kLeft, flow_.y(), kWidth, height});
        flow_.advance(height + 5.0);
    }
    void operator()(const Card& block) {
        const CardLayout layout = laid_out(block);
        if (layout.height > PdfFlow::whole_page()) {
            (*this)(Paragraph{Paragraph::Style::heading, block.title + " (" + block.label + ")"});
            (*this)(block.software);
            (*this)(Paragraph{Paragraph::Style::note, block.why});
            (*this)(block.reader);
            (*this)(block.picture);
            return;
        }
        flow_.need(layout.height);
        draw_card(block, layout);
        flow_.advance(layout.height + 7.0);
    }

 private:
    static constexpr double kGalleryGap = 12.0;
    static constexpr double kGalleryWidth = (kWidth - kGalleryGap) / 2;
    static constexpr double kGalleryTallest = 300.0;

    // Two pictures and their captions.
    void gallery_row(const Gallery& block, std::size_t first) {
        const std::size_t last = std::min(first + 2, block.pictures.size());
        double tallest = 0.0;
        for (std::size_t i = first; i < last; ++i) {
            tallest = std::max(tallest, gallery_height(block.pictures[i]));
        }
        if (tallest > PdfFlow::whole_page()) {  // a note of many pages
            for (std::size_t i = first; i < last; ++i) {
                Picture alone = block.pictures[i];
                alone.caption.clear();
                (*this)(alone);
                (*this)(Paragraph{Paragraph::Style::note, block.pictures[i].caption});
            }
            return;
        }
        flow_.need(tallest);
        for (std::size_t i = first; i < last; ++i) {
            const Picture& picture = block.pictures[i];
            const Box size = fitted(picture, kGalleryWidth, kGalleryTallest);
            const double left =
                PdfFlow::kLeft + static_cast<double>(i - first) * (kGalleryWidth + kGalleryGap);
            if (!picture.png.empty()) {
                draw_picture(picture, {left + (kGalleryWidth - size.width) / 2, flow_.y(),
                                       size.width, size.height});
            }
            (void)flow_.lines_at({left, flow_.y() + (picture.png.empty() ? 0.0 : size.height + 3)},
                                 flow_.broken(picture.caption, kNote, kGalleryWidth), kNote);
        }
        flow_.advance(tallest);
    }
    [[nodiscard]] double gallery_height(const Picture& picture) const {
        const double drawn = picture.png.empty()
                                 ? 0.0
                                 : fitted(picture, kGalleryWidth, kGalleryTallest).height + 3.0;
        return drawn + height_of(flow_.broken(picture.caption, kNote, kGalleryWidth), kNote) + 6.0;
    }

    static constexpr double kCellPad = 4.0;
    static constexpr double kCardInset = 10.0;
    static constexpr double kCardNames = 62.0;
    static constexpr double kCardPicture = 205.0;
    static double tallest(const Picture& picture) {
        return picture.size == Picture::Size::page ? 600.0 : 400.0;
    }

    // A card's texts in lines, and how much room it takes. `top`: of what is below the title.
    struct CardLayout {
        std::vector<std::string> title, why, note, caption;
        std::vector<std::vector<std::string>> values;
        double column{}, top{}, reader{}, height{};
        Box picture;
    };
    [[nodiscard]] CardLayout laid_out(const Card& block) const {
        constexpr double kTallest = 320.0;
        CardLayout card;
        const bool picture = !block.picture.png.empty();
        card.column = kWidth - 2 * kCardInset - (picture ? kCardPicture + 12.0 : 0.0);
        const double label = flow_.canvas().text_width(block.label, kStrong);
        card.title = flow_.broken(block.title, kCardTitle, kWidth - 3 * kCardInset - label);
        card.top = height_of(card.title, kCardTitle) + 12.0;
        double left = 0.0;
        for (const auto& [name, value] : block.software.rows) {
            card.values.push_back(flow_.broken(value, kValue, card.column - kCardNames));
            left += std::max(line_height(kValue), height_of(card.values.back(), kValue));
        }
        card.why = flow_.broken(block.why, kNote, card.column);
        card.note = flow_.broken(block.reader.text, kBody, card.column - 20.0);
        card.reader = opinion_height(block.reader, card.note);
        left += 5.0 + height_of(card.why, kNote) + 5.0 + card.reader;
        card.caption = flow_.broken(block.picture.caption, kNote, kCardPicture);
        card.picture = picture ? fitted(block.picture, kCardPicture, kTallest) : Box{};
        const double right = card.picture.height + 3.0 + height_of(card.caption, kNote);
        card.height = card.top + std::max(left, picture ? right : 0.0) + 8.0;
        return card;
    }
    void draw_card(const Card& block, const CardLayout& card) {
        const Canvas& canvas = flow_.canvas();
        const double y = flow_.y();
        canvas.outline({PdfFlow::kLeft, y, kWidth, card.height}, kHairline, 0.6);
        canvas.fill({PdfFlow::kLeft, y, 3.0, card.height}, bar_of(block.tone));
        const double x = PdfFlow::kLeft + kCardInset;
        (void)flow_.lines_at({x, y + 6.0}, card.title, kCardTitle);
        canvas.text({PdfFlow::kRight - kCardInset, y + 6.0 + kCardTitle.size}, block.label, kStrong,
                    Align::right);
        double at = y + card.top;
        for (std::size_t i = 0; i < card.values.size(); ++i) {
            (void)flow_.lines_at({x, at}, {block.software.rows[i].first}, kName);
            at = std::max(at + line_height(kValue),
                          flow_.lines_at({x + kCardNames, at}, card.values[i], kValue));
        }
        at = flow_.lines_at({x, at + 5.0}, card.why, kNote) + 5.0;
        draw_opinion(block.reader, card.note, {x, at, card.column, card.reader});
        if (!block.picture.png.empty()) {
            const double left = PdfFlow::kRight - kCardInset - kCardPicture;
            draw_picture(block.picture, {left + (kCardPicture - card.picture.width) / 2,
                                         y + card.top, card.picture.width, card.picture.height});
            (void)flow_.lines_at({left, y + card.top + card.picture.height + 3.0}, card.caption,
                                 kNote);
        }
    }

    static constexpr double kTitleRoom = 40.0;

    // What has to follow a title on its page: a title never stands alone at the foot.
    [[nodiscard]] double room_of_first(const Section& section) const {
        constexpr double kLines = 40.0;
        if (section.blocks.empty()) {
            return 0.0;
        }
        if (const auto* picture = std::get_if<Picture>(&section.blocks.front())) {
            return fitted(*picture, kWidth, tallest(*picture)).height + kLines;
        }
        if (const auto* gallery = std::get_if<Gallery>(&section.blocks.front())) {
            return gallery->pictures.empty() ? 0.0 : gallery_height(gallery->pictures.front());
        }
        if (const auto* card = std::get_if<Card>(&section.blocks.front())) {
            const double height = laid_out(*card).height;
            return height < PdfFlow::whole_page() - kTitleRoom ? height : kLines;
        }
        return kLines;
    }
    static Box fitted(const Picture& picture, double width, double height) {
        const double scale = std::min(width / std::max(1, picture.width_px),
                                      height / std::max(1, picture.height_px));
        return {0.0, 0.0, scale * picture.width_px, scale * picture.height_px};
    }
    void draw_picture(const Picture& picture, const Box& box) {
        const Surface image = decoded(picture.png);
        if (::cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) {
            return;
        }
        cairo_t* cairo = flow_.canvas().cairo();
        ::cairo_save(cairo);
        ::cairo_translate(cairo, box.x, box.y);
        ::cairo_scale(cairo, box.width / picture.width_px, box.height / picture.height_px);
        ::cairo_set_source_surface(cairo, image.get(), 0.0, 0.0);
        ::cairo_paint(cairo);
        ::cairo_restore(cairo);
    }
    static double opinion_height(const Opinion& block, const std::vector<std::string>& text) {
        return 8.0 + line_height(kStrong) + (block.text.empty() ? 0.0 : height_of(text, kBody));
    }
    void draw_opinion(const Opinion& block, const std::vector<std::string>& text, const Box& box) {
        const Canvas& canvas = flow_.canvas();
        canvas.fill(box, kGround);
        canvas.fill({box.x, box.y, 3.0, box.height}, bar_of(block.tone));
        constexpr double kInset = 10.0;
        (void)flow_.lines_at({box.x + kInset, box.y + 4.0}, {block.who}, kName);
        const double after = canvas.text_width(block.who, kName) + 8.0;
        const double y =
            flow_.lines_at({box.x + kInset + after, box.y + 4.0}, {block.verdict}, kStrong);
        (void)flow_.lines_at({box.x + kInset, y}, text, kBody);
    }
    void table_head(const Table& table) {
        double x = PdfFlow::kLeft;
        for (std::size_t i = 0; i < table.head.size(); ++i) {
            const double width = table.shares[i] * kWidth;
            (void)flow_.lines_at(
                {x + kCellPad, flow_.y() + 1.0},
                {flow_.canvas().fitted(table.head[i], kTableHead, width - 2 * kCellPad)},
                kTableHead);
            x += width;
        }
        flow_.advance(line_height(kTableHead) + 3.0);
        flow_.canvas().line({PdfFlow::kLeft, flow_.y()}, {PdfFlow::kRight, flow_.y()}, kBlue, 0.8);
    }
    void table_row(const Table& table, const std::vector<Cell>& row,
                   const std::vector<std::vector<std::string>>& cells, double height) {
        double x = PdfFlow::kLeft;
        const double y = flow_.y();
        for (std::size_t i = 0; i < row.size(); ++i) {
            const double width = table.shares[i] * kWidth;
            if (row[i].tone != reading::Tone::plain) {
                flow_.canvas().fill({x, y, width, height}, ground_of(row[i].tone));
            }
            (void)flow_.lines_at({x + kCellPad, y + 2.0}, cells[i], kValue);
            x += width;
        }
        flow_.advance(height);
        flow_.canvas().line({PdfFlow::kLeft, y + height}, {PdfFlow::kRight, y + height}, kHairline,
                            0.4);
    }

    PdfFlow& flow_;
};

// Returns the number of pages.
int lay_out(cairo_surface_t* surface, const Document& report, int pages) {
    PdfFlow flow(surface, {report.foot, pages});
    Writer writer(flow);
    writer.head(report);
    for (const Section& section : report.sections) {
        writer.section(section);
    }
    flow.finish();
    return flow.pages();
}

Result<void> write_pages(const std::filesystem::path& file, const Document& report) {
    const Surface trial(::cairo_pdf_surface_create(nullptr, kPageWidth, kPageHeight));
    const int pages = lay_out(trial.get(), report, 0);
    const Surface surface(::cairo_pdf_surface_create(file.c_str(), kPageWidth, kPageHeight));
    ::cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                     harmless(report.title + ": " + report.subject).c_str());
    ::cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_SUBJECT,
                                     report.notice.c_str());
    if (!report.made.empty()) {
        ::cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                         harmless(report.made).c_str());
    }
    lay_out(surface.get(), report, pages);
    ::cairo_surface_finish(surface.get());
    const cairo_status_t status = ::cairo_surface_status(surface.get());
    if (status != CAIRO_STATUS_SUCCESS) {
        return fail(ErrorKind::io, file.string(),
                    std::string("could not be written: ") + ::cairo_status_to_string(status),
                    "check that the folder is writable and the disk is not full");
    }
    return {};
}

}  // namespace

Result<void> write_report_pdf(const std::filesystem::path& file, const reading::Document& report) {
    return write_path_atomically(file, [&](const std::filesystem::path& temporary) {
        return write_pages(temporary, report);
    });
}

}  // namespace dsm
