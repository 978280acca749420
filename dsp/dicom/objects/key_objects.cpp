#include "dsp/dicom/objects/key_objects.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/content_tree.h"
#include "dsp/dicom/objects/object_header.h"

namespace dsm {
namespace {

using namespace dicom;

const Code kDescription{"113012", "DCM", "Key Object Description"};

// The series of each instance that Current Requested Procedure Evidence (0040,A375) lists.
std::string series_of(DcmItem& data, const std::string& instance) {
    for (DcmItem* study : items(data, {0x0040, 0xA375})) {
        for (DcmItem* series : items(*study, {0x0008, 0x1115})) {
            for (DcmItem* reference : items(*series, {0x0008, 0x1199})) {
                if (text(*reference, {0x0008, 0x1155}) == instance) {
                    return text(*series, {0x0020, 0x000E});
                }
            }
        }
    }
    return {};
}

}  // namespace

Result<ObjectReference> write_key_objects(const std::filesystem::path& file, ObjectSource& source,
                                          const KeyObjects& keys) {
    const RunInfo& run = source.info();
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made = put_common_modules(
        to, source, {UID_KeyObjectSelectionDocumentStorage, "KO", "DSM key frames"});
    to.empty({0x0008, 0x1111});
    put_content_time(to, source);
    ContentItem root = container(keys.title, "2010");
    root.relation.clear();
    if (!keys.description.empty()) {
        root.add(text_item("CONTAINS", kDescription, keys.description));
    }
    for (const FramesOfObject& each : frames_by_object(run, keys.frames)) {
        root.add(image_item("CONTAINS", each.object, each.frames));
    }
    for (const ObjectReference& other : keys.others) {
        root.add(image_item("CONTAINS", other));
    }
    put_evidence(to, run.study_instance_uid, images_in(root));
    put_content(to, root);
    return save_object(file, format, to, made);
}

Result<KeyObjects> read_key_objects(const std::filesystem::path& file, const std::string& run) {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    if (text(data, {0x0008, 0x0016}) != UID_KeyObjectSelectionDocumentStorage) {
        return fail(ErrorKind::unsupported, file.string(), "is no key object selection",
                    "name a key object selection");
    }
    const ContentItem root = read_content(data);
    KeyObjects keys;
    keys.title = root.concept_name;
    for (const ContentItem& item : root.children) {
        if (item.type == "TEXT" && item.concept_name == kDescription) {
            keys.description = item.text;
        } else if (item.type == "IMAGE" && item.image.sop_instance_uid == run) {
            keys.frames.insert(keys.frames.end(), item.frames.begin(), item.frames.end());
        } else if (item.type == "IMAGE") {
            ObjectReference other = item.image;
            other.series_instance_uid = series_of(data, other.sop_instance_uid);
            keys.others.push_back(std::move(other));
        }
    }
    return keys;
}

}  // namespace dsm
