// One DICOM file in memory, its pixels left on disk. Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "dsp/core/result.h"

class DcmDataset;
class DcmFileFormat;

namespace dsm::dicom {

class DicomFile {
 public:
    // Reads the header, text converted to UTF-8. A file cut short loads with `damage()` set.
    // Not thread-safe with itself on the same file object; different objects are independent.
    static Result<std::unique_ptr<DicomFile>> load(const std::filesystem::path& file);
    ~DicomFile();
    DicomFile(const DicomFile&) = delete;
    DicomFile& operator=(const DicomFile&) = delete;
    DicomFile(DicomFile&&) = delete;
    DicomFile& operator=(DicomFile&&) = delete;

    [[nodiscard]] DcmDataset& dataset();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const std::string& transfer_syntax_uid() const { return transfer_syntax_uid_; }
    // What the parser complained of before giving up; empty for a whole file.
    [[nodiscard]] const std::string& damage() const { return damage_; }
    // Problem with Specific Character Set (0008,0005); empty when all text is UTF-8 now.
    [[nodiscard]] const std::string& charset_warning() const { return charset_warning_; }

 private:
    DicomFile();
    std::filesystem::path path_;
    std::unique_ptr<DcmFileFormat> format_;
    std::string transfer_syntax_uid_;
    std::string damage_;
    std::string charset_warning_;
};

// Silences DCMTK's own console log and registers its decoders; once per process, thread-safe.
void prepare_library();

}  // namespace dsm::dicom
