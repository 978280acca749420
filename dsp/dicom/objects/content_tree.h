// The content of a structured report as a plain tree (PS3.3 C.17.3), out and in.
// Private to dsp/dicom. Pure values.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dsp/core/units.h"
#include "dsp/dicom/objects/attribute_writer.h"
#include "dsp/dicom/objects/coded_concept.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm::dicom {

struct ContentItem {
    std::string relation;  // "CONTAINS"; empty for the root
    std::string type;   // "CONTAINER", "TEXT", "CODE", "NUM", "UIDREF", "PNAME", "SCOORD", "IMAGE"
    Code concept_name;  // empty where an item has none
    std::string text;   // of TEXT, UIDREF, PNAME; the template number of a CONTAINER
    Code code;          // of CODE; the unit of NUM
    double number{0.0};
    // SCOORD. px as everywhere; in the file 0.0 is the outer corner of the first pixel
    // (C.18.6.1.2).
    std::string graphic_type;
    std::vector<Point> points_px;
    ObjectReference image;           // of IMAGE
    std::vector<FrameIndex> frames;  // of IMAGE, from 0; empty: all
    std::vector<ContentItem> children;

    ContentItem& add(ContentItem child);
};

[[nodiscard]] ContentItem container(Code name, const std::string& template_number = {});
[[nodiscard]] ContentItem text_item(const std::string& relation, Code name, std::string text,
                                    const std::string& type = "TEXT");
[[nodiscard]] ContentItem code_item(const std::string& relation, Code name, Code value);
[[nodiscard]] ContentItem number_item(Code name, double value, Code unit,
                                      const std::string& relation = "CONTAINS");
// Graphic Type POINT, POLYLINE or MULTIPOINT on `frames` of the image.
[[nodiscard]] ContentItem region_item(const std::string& graphic_type, std::vector<Point> points_px,
                                      const ObjectReference& image, std::vector<FrameIndex> frames);
[[nodiscard]] ContentItem image_item(const std::string& relation, const ObjectReference& image,
                                     std::vector<FrameIndex> frames = {});

// The SR Document Content Module, root first.
void put_content(AttributeWriter& to, const ContentItem& root);
// Nothing is refused: what cannot be understood has an empty type. At most `kMostContentItems`.
inline constexpr std::size_t kMostContentItems = 200'000;
[[nodiscard]] ContentItem read_content(DcmItem& data);

// The first child of this name; null when there is none.
[[nodiscard]] const ContentItem* child_of(const ContentItem& parent, const Code& name);
void for_each_item(const ContentItem& root, const std::function<void(const ContentItem&)>& visit);

// Current Requested Procedure Evidence Sequence (0040,A375): each instance once, by series.
void put_evidence(AttributeWriter& to, const std::string& study_uid,
                  const std::vector<ObjectReference>& instances);
// Every instance that IMAGE items refer to, each once.
[[nodiscard]] std::vector<ObjectReference> images_in(const ContentItem& root);
// Coding Scheme Identification (PS3.3 C.12.1) of the private scheme.
void put_private_scheme(AttributeWriter& to);

}  // namespace dsm::dicom
