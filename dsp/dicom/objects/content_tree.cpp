#include "dsp/dicom/objects/content_tree.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <utility>

#include "dsp/core/version.h"
#include "dsp/dicom/charset.h"
#include "dsp/dicom/objects/state_attributes.h"

namespace dsm::dicom {
namespace {

constexpr Tag kRelation{0x0040, 0xA010};
constexpr Tag kType{0x0040, 0xA040};
constexpr Tag kName{0x0040, 0xA043};
constexpr Tag kChildren{0x0040, 0xA730};
constexpr Tag kText{0x0040, 0xA160};
constexpr Tag kUid{0x0040, 0xA124};
constexpr Tag kPerson{0x0040, 0xA123};
constexpr Tag kCode{0x0040, 0xA168};
constexpr Tag kMeasured{0x0040, 0xA300};
constexpr Tag kNumber{0x0040, 0xA30A};
constexpr Tag kUnit{0x0040, 0x08EA};
constexpr Tag kReferenced{0x0008, 0x1199};

void put_points(AttributeWriter& to, const ContentItem& item) {
    std::vector<float> data;
    for (const Point p : item.points_px) {
        data.push_back(static_cast<float>(p.x + kCornerOffset));
        data.push_back(static_cast<float>(p.y + kCornerOffset));
    }
    to.floats({0x0070, 0x0022}, data);
    to.text({0x0070, 0x0023}, item.graphic_type);
}

void put_image(AttributeWriter& to, const ContentItem& item) {
    AttributeWriter reference = to.item(kReferenced);
    reference.text({0x0008, 0x1150}, item.image.sop_class_uid);
    reference.text({0x0008, 0x1155}, item.image.sop_instance_uid);
    if (!item.frames.empty()) {
        std::vector<int> from_one;
        std::transform(item.frames.begin(), item.frames.end(), std::back_inserter(from_one),
                       [](FrameIndex frame) { return frame + 1; });
        reference.integers({0x0008, 0x1160}, from_one);
    }
}

void put_value(AttributeWriter& to, const ContentItem& item) {
    if (item.type == "CONTAINER") {
        to.text({0x0040, 0xA050}, "SEPARATE");
        if (!item.text.empty()) {
            AttributeWriter used = to.item({0x0040, 0xA504});
            used.text({0x0008, 0x0105}, "DCMR");
            used.text({0x0040, 0xDB00}, item.text);
        }
    } else if (item.type == "TEXT") {
        to.free_text(kText, item.text);
    } else if (item.type == "UIDREF") {
        to.text(kUid, item.text);
    } else if (item.type == "PNAME") {
        to.free_text(kPerson, item.text);
    } else if (item.type == "CODE") {
        to.code(kCode, item.code);
    } else if (item.type == "NUM") {
        AttributeWriter measured = to.item(kMeasured);
        measured.decimal(kNumber, item.number);
        measured.code(kUnit, item.code);
    } else if (item.type == "SCOORD") {
        put_points(to, item);
    } else if (item.type == "IMAGE") {
        put_image(to, item);
    }
}

Code read_code(DcmItem& parent, Tag sequence) {
    DcmItem* entry = item(parent, sequence);
    if (entry == nullptr) {
        return {};
    }
    Code code{text(*entry, {0x0008, 0x0100}), text(*entry, {0x0008, 0x0102}),
              text(*entry, {0x0008, 0x0104})};
    return code;
}

void read_value(DcmItem& data, ContentItem& to) {
    if (to.type == "TEXT") {
        to.text = raw_text(data, kText);
        to.text = is_utf8(to.text) ? to.text : printable_utf8(to.text);
    } else if (to.type == "UIDREF") {
        to.text = text(data, kUid);
    } else if (to.type == "PNAME") {
        to.text = text(data, kPerson);
    } else if (to.type == "CODE") {
        to.code = read_code(data, kCode);
    } else if (to.type == "NUM") {
        DcmItem* measured = item(data, kMeasured);
        const auto value = measured == nullptr ? std::nullopt : number(*measured, kNumber);
        to.type = value ? to.type : "";
        to.number = value.value_or(0.0);
        to.code = measured == nullptr ? Code{} : read_code(*measured, kUnit);
    } else if (to.type == "SCOORD") {
        to.graphic_type = text(data, {0x0070, 0x0023});
        const auto values = numbers(data, {0x0070, 0x0022});
        for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
            to.points_px.push_back({values[i] - kCornerOffset, values[i + 1] - kCornerOffset});
        }
    } else if (DcmItem* reference = item(data, kReferenced); reference != nullptr) {
        to.image.sop_class_uid = text(*reference, {0x0008, 0x1150});
        to.image.sop_instance_uid = text(*reference, {0x0008, 0x1155});
        for (const double frame : numbers(*reference, {0x0008, 0x1160})) {
            if (frame >= 1.0 && frame <= 1e7) {
                to.frames.push_back(static_cast<FrameIndex>(frame) - 1);
            }
        }
    }
}

ContentItem read_item(DcmItem& data, std::size_t& left, int depth) {
    constexpr int kDeepest = 24;
    ContentItem read;
    read.relation = text(data, kRelation);
    read.type = text(data, kType);
    read.concept_name = read_code(data, kName);
    read_value(data, read);
    for (DcmItem* child : items(data, kChildren)) {
        if (left == 0 || depth >= kDeepest) {
            break;
        }
        --left;
        read.children.push_back(read_item(*child, left, depth + 1));
    }
    return read;
}

}  // namespace

ContentItem& ContentItem::add(ContentItem child) {
    return children.emplace_back(std::move(child));
}

ContentItem container(Code name, const std::string& template_number) {
    ContentItem made;
    made.relation = "CONTAINS";
    made.type = "CONTAINER";
    made.concept_name = std::move(name);
    made.text = template_number;
    return made;
}

ContentItem text_item(const std::string& relation, Code name, std::string text,
                      const std::string& type) {
    ContentItem made;
    made.relation = relation;
    made.type = type;
    made.concept_name = std::move(name);
    made.text = std::move(text);
    return made;
}

ContentItem code_item(const std::string& relation, Code name, Code value) {
    ContentItem made = text_item(relation, std::move(name), {}, "CODE");
    made.code = std::move(value);
    return made;
}

ContentItem number_item(Code name, double value, Code unit, const std::string& relation) {
    ContentItem made = code_item(relation, std::move(name), std::move(unit));
    made.type = "NUM";
    made.number = value;
    return made;
}

ContentItem image_item(const std::string& relation, const ObjectReference& image,
                       std::vector<FrameIndex> frames) {
    ContentItem made;
    made.relation = relation;
    made.type = "IMAGE";
    made.image = image;
    made.frames = std::move(frames);
    return made;
}

ContentItem region_item(const std::string& graphic_type, std::vector<Point> points_px,
                        const ObjectReference& image, std::vector<FrameIndex> frames) {
    ContentItem made = text_item("CONTAINS", {"111030", "DCM", "Image Region"}, {}, "SCOORD");
    made.graphic_type = graphic_type;
    made.points_px = std::move(points_px);
    made.add(image_item("SELECTED FROM", image, std::move(frames)));
    return made;
}

void put_content(AttributeWriter& to, const ContentItem& item) {
    if (!item.relation.empty()) {
        to.text(kRelation, item.relation);
    }
    to.text(kType, item.type);
    if (!item.concept_name.value.empty()) {
        to.code(kName, item.concept_name);
    }
    put_value(to, item);
    for (const ContentItem& child : item.children) {
        AttributeWriter below = to.item(kChildren);
        put_content(below, child);
    }
}

ContentItem read_content(DcmItem& data) {
    std::size_t left = kMostContentItems;
    return read_item(data, left, 0);
}

const ContentItem* child_of(const ContentItem& parent, const Code& name) {
    const auto found =
        std::find_if(parent.children.begin(), parent.children.end(),
                     [&](const ContentItem& child) { return child.concept_name == name; });
    return found == parent.children.end() ? nullptr : &*found;
}

void for_each_item(const ContentItem& root, const std::function<void(const ContentItem&)>& visit) {
    visit(root);
    for (const ContentItem& child : root.children) {
        for_each_item(child, visit);
    }
}

std::vector<ObjectReference> images_in(const ContentItem& root) {
    std::vector<ObjectReference> images;
    for_each_item(root, [&](const ContentItem& item) {
        if (item.type == "IMAGE" &&
            std::find(images.begin(), images.end(), item.image) == images.end()) {
            images.push_back(item.image);
        }
    });
    return images;
}

void put_evidence(AttributeWriter& to, const std::string& study_uid,
                  const std::vector<ObjectReference>& instances) {
    AttributeWriter study = to.item({0x0040, 0xA375});
    study.text({0x0020, 0x000D}, study_uid);
    std::vector<std::string> done;
    for (const ObjectReference& leader : instances) {
        if (std::find(done.begin(), done.end(), leader.series_instance_uid) != done.end()) {
            continue;
        }
        done.push_back(leader.series_instance_uid);
        AttributeWriter series = study.item({0x0008, 0x1115});
        for (const ObjectReference& instance : instances) {
            if (instance.series_instance_uid == leader.series_instance_uid) {
                AttributeWriter reference = series.item(kReferenced);
                reference.text({0x0008, 0x1150}, instance.sop_class_uid);
                reference.text({0x0008, 0x1155}, instance.sop_instance_uid);
            }
        }
        series.text({0x0020, 0x000E}, leader.series_instance_uid);
    }
}

void put_private_scheme(AttributeWriter& to) {
    AttributeWriter scheme = to.item({0x0008, 0x0110});
    scheme.free_text({0x0008, 0x0102}, kPrivateScheme);
    scheme.free_text({0x0008, 0x0115}, "Concepts of digital subtraction myelography");
    scheme.free_text({0x0008, 0x0103}, kVersion);
    scheme.free_text({0x0008, 0x0116}, "dsm");
}

}  // namespace dsm::dicom
