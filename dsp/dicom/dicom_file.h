// One DICOM file in memory, its pixels left on disk. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "dsp/core/result.h"

class DcmDataset;
class DcmFileFormat;

namespace dsm::dicom {

// Removes the file it names when it goes.
class TemporaryFile {
 public:
    TemporaryFile() = default;
    explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    TemporaryFile(TemporaryFile&& other) noexcept { path_.swap(other.path_); }
    TemporaryFile& operator=(TemporaryFile&& other) noexcept {
        path_.swap(other.path_);
        return *this;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

class DicomFile {
 public:
    // Reads the header. A file cut short loads with damage() set.
    // Different objects are independent and may live in different threads.
    [[nodiscard]] static Result<std::unique_ptr<DicomFile>> load(const std::filesystem::path& file);
    ~DicomFile();
    DicomFile(const DicomFile&) = delete;
    DicomFile& operator=(const DicomFile&) = delete;
    DicomFile(DicomFile&&) = delete;
    DicomFile& operator=(DicomFile&&) = delete;

    [[nodiscard]] DcmDataset& dataset();
    // As the file had it, "1.2.840.10008.1.2.1" and so on; and in words.
    [[nodiscard]] const std::string& transfer_syntax_uid() const { return syntax_uid_; }
    [[nodiscard]] const std::string& transfer_syntax_name() const { return syntax_name_; }
    // Bytes of the file that was parsed: no value can be longer.
    [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
    // What the parser complained of before the end; empty for a whole file.
    [[nodiscard]] const std::string& damage() const { return damage_; }

 private:
    DicomFile();
    [[nodiscard]] Result<void> parse(const std::filesystem::path& file);

    TemporaryFile inflated_;  // of a deflated file
    std::unique_ptr<DcmFileFormat> format_;
    std::uint64_t size_bytes_{0};
    std::string syntax_uid_, syntax_name_, damage_;
};

// Silences DCMTK's own console log and registers its decoders; once per process, thread-safe.
void prepare_library();

}  // namespace dsm::dicom
