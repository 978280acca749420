#include "dsp/dicom/objects/object_source.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/object_header.h"
#include "dsp/dicom/run_reader.h"

namespace dsm {
namespace {

using dicom::Tag;

// Groups of text and numbers about patient, study and acquisition; pixels, overlays, curves and
// whatever is private stay behind.
bool is_header_group(std::uint16_t group) {
    return group == 0x0008 || group == 0x0010 || group == 0x0018 || group == 0x0020 ||
           group == 0x0028 || group == 0x0032 || group == 0x0040 || group == 0x0054;
}

std::unique_ptr<DcmDataset> header_of(DcmDataset& data) {
    auto header = std::make_unique<DcmDataset>();
    constexpr Uint32 kLongest = 1U << 16U;
    for (DcmObject* object = data.nextInContainer(nullptr); object != nullptr;
         object = data.nextInContainer(object)) {
        if (is_header_group(object->getGTag()) && object->getLength() <= kLongest) {
            if (auto* copy = dynamic_cast<DcmElement*>(object->clone()); copy != nullptr) {
                if (header->insert(copy, OFTrue).bad()) {
                    delete copy;
                }
            }
        }
    }
    // What cannot be converted stays as it is; TextReader has warned of it in RunInfo.
    if (header->convertToUTF8().bad()) {
        header->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192").good();
    }
    return header;
}

std::pair<std::string, std::string> local_date_and_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 16> date{};
    std::array<char, 16> time{};
    std::strftime(date.data(), date.size(), "%Y%m%d", &parts);
    std::strftime(time.data(), time.size(), "%H%M%S", &parts);
    return {date.data(), time.data()};
}

}  // namespace

ObjectSource::ObjectSource() = default;
ObjectSource::ObjectSource(ObjectSource&&) noexcept = default;
ObjectSource& ObjectSource::operator=(ObjectSource&&) noexcept = default;
ObjectSource::~ObjectSource() = default;

Result<ObjectSource> ObjectSource::open(const std::filesystem::path& run_file, std::string author) {
    auto reader = RunReader::open(run_file);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    auto file = dicom::DicomFile::load(run_file);
    if (!file) {
        return tl::unexpected(file.error());
    }
    ObjectSource source;
    source.info_ = (*reader)->info();
    const RunInfo& info = source.info_;
    if (info.sop_instance_uid.empty() || info.study_instance_uid.empty() ||
        info.series_instance_uid.empty()) {
        return fail(ErrorKind::unsupported, run_file.string(),
                    "lacks a SOP Instance (0008,0018), Study (0020,000d) or Series UID "
                    "(0020,000e), so no object can refer to it",
                    "export it again from the archive");
    }
    source.header_ = header_of((*file)->dataset());
    source.author_ = std::move(author);
    std::tie(source.made_date_, source.made_time_) = local_date_and_time();
    return source;
}

Result<ObjectSource> ObjectSource::open(const RunInfo& run, std::string author) {
    if (run.frame_objects.empty()) {
        return open(run.file, std::move(author));
    }
    auto source = open(run.frame_objects.front().file, std::move(author));
    const bool named =
        std::none_of(run.frame_objects.begin(), run.frame_objects.end(),
                     [](const FrameObject& object) { return object.sop_instance_uid.empty(); });
    if (!named) {
        return fail(ErrorKind::unsupported, run.file.string(),
                    "holds frames without a SOP Instance UID (0008,0018), so no object can refer "
                    "to them",
                    "export it again from the archive");
    }
    if (source) {
        source->info_ = run;
    }
    return source;
}

const ObjectSource::Series& ObjectSource::next_instance(const std::string& kind) {
    Series& series = series_[kind];
    if (series.uid.empty()) {
        // Beside the source's own number, so that a list sorted by number keeps them together.
        constexpr int kFirstNumber = 9000;
        series.uid = dicom::new_uid();
        series.number = kFirstNumber + static_cast<int>(series_.size());
    }
    ++series.instances;
    return series;
}

namespace dicom {

ObjectReference put_common_modules(AttributeWriter& to, ObjectSource& source,
                                   const ObjectKind& kind) {
    DcmDataset& header = source.header();
    const ObjectSource::Series& series =
        source.next_instance(kind.modality + " " + kind.series_description);
    const std::string uid = new_uid();
    to.text({0x0008, 0x0005}, "ISO_IR 192");
    to.text({0x0008, 0x0016}, kind.sop_class_uid);
    to.text({0x0008, 0x0018}, uid);
    // Type 2: there even where the source has none.
    for (const Tag tag : {Tag{0x0010, 0x0010}, Tag{0x0010, 0x0020}, Tag{0x0010, 0x0030},
                          Tag{0x0010, 0x0040}, Tag{0x0008, 0x0020}, Tag{0x0008, 0x0030},
                          Tag{0x0008, 0x0050}, Tag{0x0008, 0x0090}, Tag{0x0020, 0x0010}}) {
        to.empty(tag);
        to.copy(header, tag);
    }
    for (const Tag tag : {Tag{0x0010, 0x0021}, Tag{0x0010, 0x1010}, Tag{0x0010, 0x1020},
                          Tag{0x0010, 0x1030}, Tag{0x0008, 0x1030}, Tag{0x0008, 0x0201}}) {
        to.copy(header, tag);
    }
    // Where no part of the body is named, laterality would be asked for.
    to.text({0x0018, 0x0015}, "SPINE");
    to.copy(header, {0x0018, 0x0015});
    to.text({0x0020, 0x000D}, source.info().study_instance_uid);
    to.text({0x0020, 0x000E}, series.uid);
    to.text({0x0008, 0x0060}, kind.modality);
    to.integer({0x0020, 0x0011}, series.number);
    to.free_text({0x0008, 0x103E}, kind.series_description);
    to.integer({0x0020, 0x0013}, series.instances);
    to.free_text({0x0008, 0x0070}, "dsm");
    to.free_text({0x0008, 0x1090}, "dsm");
    to.free_text({0x0018, 0x1000}, "none");
    to.free_text({0x0018, 0x1020}, std::string(kVersion));
    to.text({0x0008, 0x0012}, source.made_date());
    to.text({0x0008, 0x0013}, source.made_time());
    return {kind.sop_class_uid, uid, series.uid};
}

std::vector<FramesOfObject> frames_by_object(const RunInfo& run,
                                             const std::vector<FrameIndex>& frames) {
    if (run.frame_objects.empty()) {
        return {{{run.sop_class_uid, run.sop_instance_uid, run.series_instance_uid}, frames}};
    }
    std::vector<FramesOfObject> objects;
    const auto add = [&](const FrameObject& object) {
        objects.push_back(
            {{run.sop_class_uid, object.sop_instance_uid, run.series_instance_uid}, {}});
    };
    if (frames.empty()) {
        std::for_each(run.frame_objects.begin(), run.frame_objects.end(), add);
    }
    for (const FrameIndex frame : frames) {
        if (frame >= 0 && static_cast<std::size_t>(frame) < run.frame_objects.size()) {
            add(run.frame_objects[static_cast<std::size_t>(frame)]);
        }
    }
    return objects;
}

void put_references(AttributeWriter& to, Tag sequence, const RunInfo& run,
                    const std::vector<FrameIndex>& frames,
                    const std::function<void(AttributeWriter&)>& also) {
    for (const FramesOfObject& each : frames_by_object(run, frames)) {
        AttributeWriter item = to.item(sequence);
        item.text({0x0008, 0x1150}, each.object.sop_class_uid);
        item.text({0x0008, 0x1155}, each.object.sop_instance_uid);
        if (!each.frames.empty()) {
            std::vector<int> from_one;
            for (const FrameIndex frame : each.frames) {
                from_one.push_back(frame + 1);
            }
            item.integers({0x0008, 0x1160}, from_one);
        }
        if (also) {
            also(item);
        }
    }
}

void put_source_images(AttributeWriter& to, Tag sequence, const RunInfo& run,
                       const std::vector<FrameIndex>& frames) {
    put_references(to, sequence, run, frames, [](AttributeWriter& image) {
        image.code({0x0040, 0xA170},
                   {"121322", "DCM", "Source image for image processing operation"});
    });
}

void put_content_time(AttributeWriter& to, const ObjectSource& source) {
    to.text({0x0008, 0x0023}, source.made_date());
    to.text({0x0008, 0x0033}, source.made_time());
}

Result<ObjectReference> save_object(const std::filesystem::path& file, DcmFileFormat& format,
                                    const AttributeWriter& written, ObjectReference made) {
    if (auto fine = written.outcome(file.string()); !fine) {
        return tl::unexpected(fine.error());
    }
    const auto saved =
        write_path_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
            const OFCondition status =
                format.saveFile(temporary.c_str(), EXS_LittleEndianExplicit, EET_ExplicitLength);
            if (status.bad()) {
                return fail(ErrorKind::io, file.string(),
                            std::string("cannot be written: ") + status.text(),
                            "check that the folder is writable and the disk not full");
            }
            return {};
        });
    return saved.map([&] { return std::move(made); });
}

}  // namespace dicom
}  // namespace dsm
