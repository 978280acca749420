// A small DICOM run made by a test, to be spoilt in one way at a time.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/run_info.h"
#include "dsp/dicom/attributes.h"

namespace dsm::test {

// X-Ray Angiographic, 3 frames of 16 columns x 12 rows, 12 of 16 bits, 500 ms apart, LIN; nothing
// optional. The pixels are a ramp: value(frame, x, y) = 100 frame + 16 y + x.
class MadeRun {
 public:
    MadeRun();
    [[nodiscard]] DcmItem& data() { return *format_.getDataset(); }
    MadeRun& set(dicom::Tag tag, const std::string& value);
    MadeRun& remove(dicom::Tag tag);
    // Item `index` of a sequence below `parent`, made when it is not there.
    [[nodiscard]] DcmItem& item(DcmItem& parent, dicom::Tag sequence, long index = 0);
    // Pixel Data as 16-bit words, and as bytes (8 bits allocated).
    MadeRun& words(const std::vector<std::uint16_t>& values);
    MadeRun& bytes(const std::vector<std::uint8_t>& values);
    // Writes the file; compresses first where `syntax` asks for it.
    std::filesystem::path save(const std::filesystem::path& file,
                               E_TransferSyntax syntax = EXS_LittleEndianExplicit);
    // What the header functions start from.
    [[nodiscard]] static RunInfo empty_info(int frames = 3);

    static constexpr int kColumns = 16;
    static constexpr int kRows = 12;
    static constexpr int kFrames = 3;
    [[nodiscard]] static std::uint16_t value(int frame, int x, int y) {
        return static_cast<std::uint16_t>(100 * frame + 16 * y + x);
    }

 private:
    DcmFileFormat format_;
};

void set(DcmItem& item, dicom::Tag tag, const std::string& value);
// True when one of the warnings holds `part`.
[[nodiscard]] bool warned(const RunInfo& info, const std::string& part);

}  // namespace dsm::test
