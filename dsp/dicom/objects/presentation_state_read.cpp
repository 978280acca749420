#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/charset.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/dicom/objects/state_attributes.h"

namespace dsm {
namespace {

using namespace dicom;

// Bounds on what one state may hold, so that a hostile one stays cheap.
constexpr std::size_t kMostAnnotations = 10'000;
constexpr std::size_t kMostPoints = 100'000;
constexpr std::size_t kLongestRecord = 16'000'000;

// The Displayed Area (PS3.3 C.10.4) that DISPLAY units are fractions of, px.
struct DisplayedArea {
    Point top_left{};
    Point size{};
};

class Reader {
 public:
    Reader(DcmItem& data, PresentationState& state) : state_(state) {
        for (DcmItem* area : items(data, {0x0070, 0x005A})) {
            const auto from = numbers(*area, {0x0070, 0x0052});
            const auto to = numbers(*area, {0x0070, 0x0053});
            if (from.size() == 2 && to.size() == 2 && to[0] > from[0] && to[1] > from[1]) {
                // Whole pixels from 1\1: their outer corners bound the area.
                area_ = DisplayedArea{{from[0] - 1.0, from[1] - 1.0},
                                      {to[0] - from[0] + 1.0, to[1] - from[1] + 1.0}};
                break;
            }
        }
    }

    void annotation(DcmItem& item) {
        const std::string layer = text(item, {0x0070, 0x0002});
        const auto frames = frame_range(item);
        const auto texts = items(item, {0x0070, 0x0008});
        StateAnnotation first;
        first.layer = layer;
        first.frames = frames;
        for (DcmItem* object : items(item, {0x0070, 0x0009})) {
            graphic(*object, first);
        }
        std::vector<StateAnnotation> made{first};
        for (DcmItem* object : texts) {
            StateAnnotation& to =
                made.size() == 1 && made.front().text.empty()
                    ? made.front()
                    : made.emplace_back(StateAnnotation{layer, {}, {}, {}, frames});
            words(*object, to);
        }
        for (StateAnnotation& each : made) {
            if (!each.graphics.empty() || !each.text.empty()) {
                state_.annotations.push_back(std::move(each));
            }
        }
    }

 private:
    // Nothing where the units are unknown or the numbers are none.
    std::optional<std::vector<Point>> points(DcmItem& object, Tag data, const std::string& units) {
        const auto values = numbers(object, data);
        std::vector<Point> points_px;
        for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
            Point p{values[i], values[i + 1]};
            if (units == "DISPLAY") {
                if (!area_) {
                    return std::nullopt;
                }
                p = {area_->top_left.x + p.x * area_->size.x,
                     area_->top_left.y + p.y * area_->size.y};
            }
            if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
                return std::nullopt;
            }
            points_px.push_back({p.x - kCornerOffset, p.y - kCornerOffset});
        }
        points_ += points_px.size();
        const bool usable = !points_px.empty() && points_ <= kMostPoints &&
                            (units == "PIXEL" || units == "DISPLAY");
        return usable ? std::optional(std::move(points_px)) : std::nullopt;
    }

    void graphic(DcmItem& object, StateAnnotation& to) {
        const std::string type = text(object, {0x0070, 0x0023});
        auto points_px = points(object, {0x0070, 0x0022}, text(object, {0x0070, 0x0005}));
        if (!points_px) {
            drop("a graphic whose units or points are unusable");
            return;
        }
        const std::size_t count = points_px->size();
        if (type == "POINT") {
            to.graphics.push_back({StateGraphic::Kind::point, {points_px->front()}});
        } else if ((type == "POLYLINE" || type == "INTERPOLATED") && count >= 2) {
            to.graphics.push_back({StateGraphic::Kind::polyline, std::move(*points_px)});
        } else if (type == "CIRCLE" && count == 2) {
            const Point c = (*points_px)[0];
            const double r = distance(c, (*points_px)[1]);
            to.graphics.push_back(
                {StateGraphic::Kind::ellipse,
                 {{c.x - r, c.y}, {c.x + r, c.y}, {c.x, c.y - r}, {c.x, c.y + r}}});
        } else if (type == "ELLIPSE" && count == 4) {
            to.graphics.push_back({StateGraphic::Kind::ellipse, std::move(*points_px)});
        } else {
            drop("a graphic of type '" + type + "'");
        }
    }

    void words(DcmItem& object, StateAnnotation& to) {
        TextReader reader(object);
        to.text = raw_text(object, {0x0070, 0x0006});
        if (!is_utf8(to.text)) {
            to.text = printable_utf8(to.text);
        }
        if (const auto anchor = points(object, {0x0070, 0x0014}, text(object, {0x0070, 0x0004}))) {
            to.text_at_px = anchor->front();
        } else if (const auto box =
                       points(object, {0x0070, 0x0010}, text(object, {0x0070, 0x0003}))) {
            to.text_at_px = box->front();
        } else if (!to.text.empty()) {
            drop("a text without a place");
            to.text.clear();
        }
    }

    std::optional<std::pair<FrameIndex, FrameIndex>> frame_range(DcmItem& annotation) {
        for (DcmItem* image : items(annotation, {0x0008, 0x1140})) {
            const auto listed = numbers(*image, {0x0008, 0x1160});
            if (!listed.empty()) {
                const auto [low, high] = std::minmax_element(listed.begin(), listed.end());
                if (*low >= 1.0 && *high <= 1e7) {
                    return std::pair{static_cast<FrameIndex>(*low) - 1,
                                     static_cast<FrameIndex>(*high) - 1};
                }
            }
        }
        return std::nullopt;
    }

    void drop(const std::string& what) { state_.warnings.push_back(what + " was left out"); }

    PresentationState& state_;
    std::optional<DisplayedArea> area_;
    std::size_t points_{0};
};

Point shift_of(DcmItem& item) {
    const auto values = numbers(item, {0x0028, 0x6114});
    return values.size() == 2 && std::isfinite(values[0]) && std::isfinite(values[1])
               ? Point{values[1], -values[0]}
               : Point{};
}

std::optional<std::pair<FrameIndex, FrameIndex>> range_of(double first, double last) {
    if (first >= 1.0 && last >= first && last <= 1e7) {
        return std::pair{static_cast<FrameIndex>(first) - 1, static_cast<FrameIndex>(last) - 1};
    }
    return std::nullopt;
}

// AVG_SUB alone; a state without ranges gives one shift whose `last` is not known (-1).
void read_shifts(DcmItem& data, PresentationState& state) {
    for (DcmItem* item : items(data, kMaskSequence)) {
        if (text(*item, {0x0028, 0x6101}) != "AVG_SUB") {
            state.warnings.push_back("mask operation '" + text(*item, {0x0028, 0x6101}) +
                                     "' was left out");
            continue;
        }
        state.mask_explanation = text(*item, {0x0028, 0x6190});
        StateShift shift;
        for (const double mask : numbers(*item, {0x0028, 0x6110})) {
            if (mask >= 1.0 && mask <= 1e7) {
                shift.masks.push_back(static_cast<FrameIndex>(mask) - 1);
            }
        }
        const auto per_range = items(*item, {0x0028, 0x9501});
        if (per_range.empty()) {
            shift.last = -1;
            shift.shift_px = shift_of(*item);
            state.shifts.push_back(shift);
        }
        for (DcmItem* range : per_range) {
            const auto ends = numbers(*range, {0x0028, 0x9506});
            DcmItem* region = dicom::item(*range, {0x0028, 0x9502});
            const auto frames = ends.size() == 2 ? range_of(ends[0], ends[1]) : std::nullopt;
            if (frames && region != nullptr) {
                shift.first = frames->first;
                shift.last = frames->second;
                shift.shift_px = shift_of(*region);
                state.shifts.push_back(shift);
            }
        }
    }
    std::stable_sort(state.shifts.begin(), state.shifts.end(),
                     [](const StateShift& a, const StateShift& b) { return a.first < b.first; });
}

std::string exact_record(DcmItem& data) {
    if (text(data, {kRecordGroup, 0x0010}) != kRecordCreator) {
        return {};
    }
    DcmElement* element = nullptr;
    OFString value;
    const DcmTagKey key(kRecordGroup, 0x1001);
    if (data.findAndGetElement(key, element).bad() || element == nullptr ||
        element->getLength() > kLongestRecord || data.findAndGetOFStringArray(key, value).bad()) {
        return {};
    }
    return {value.c_str(), value.size()};
}

}  // namespace

Result<PresentationState> read_presentation_state(const std::filesystem::path& file) {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    PresentationState state;
    state.sop_class_uid = text(data, {0x0008, 0x0016});
    if (state.sop_class_uid != UID_GrayscaleSoftcopyPresentationStateStorage &&
        state.sop_class_uid != UID_XAXRFGrayscaleSoftcopyPresentationStateStorage) {
        return fail(ErrorKind::unsupported, file.string(), "is no grayscale presentation state",
                    "name a presentation state");
    }
    state.sop_instance_uid = text(data, {0x0008, 0x0018});
    TextReader texts_in(data);
    state.label = text(data, {0x0070, 0x0080});
    state.description = texts_in.read({0x0070, 0x0081});
    state.creator = texts_in.read_person({0x0070, 0x0084});
    for (DcmItem* series : items(data, {0x0008, 0x1115})) {
        if (DcmItem* image = item(*series, {0x0008, 0x1140}); image != nullptr) {
            state.referenced_sop_instance_uid = text(*image, {0x0008, 0x1155});
            break;
        }
    }
    for (DcmItem* layer : items(data, {0x0070, 0x0060})) {
        state.layers.push_back({text(*layer, {0x0070, 0x0002}), text(*layer, {0x0070, 0x0068})});
    }
    Reader reader(data, state);
    const auto annotations = items(data, {0x0070, 0x0001});
    for (std::size_t i = 0; i < std::min(annotations.size(), kMostAnnotations); ++i) {
        reader.annotation(*annotations[i]);
    }
    if (annotations.size() > kMostAnnotations) {
        state.warnings.push_back("only the first " + std::to_string(kMostAnnotations) +
                                 " annotations were read");
    }
    read_shifts(data, state);
    state.exact_record = exact_record(data);
    return state;
}

}  // namespace dsm
