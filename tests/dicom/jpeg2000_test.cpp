#include "dsp/dicom/jpeg2000.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <openjpeg.h>
#include <catch2/catch.hpp>

#include <array>
#include <memory>

#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::test;
using dicom::PixelFormat;
using Bytes = std::vector<std::uint8_t>;

namespace {

PixelFormat format(int width, int height, int bits = 12) {
    PixelFormat made;
    made.extent = {width, height};
    made.bits_stored = bits;
    made.high_bit = bits - 1;
    return made;
}

// What OpenJPEG makes of these samples.
Bytes encoded(const std::vector<int>& samples, int width, int height, int bits, bool lossless,
              bool is_signed = false) {
    opj_image_cmptparm_t component{};
    component.dx = component.dy = 1;
    component.w = static_cast<OPJ_UINT32>(width);
    component.h = static_cast<OPJ_UINT32>(height);
    component.prec = static_cast<OPJ_UINT32>(bits);
    component.sgnd = is_signed ? 1 : 0;
    opj_image_t* image = opj_image_create(1, &component, OPJ_CLRSPC_GRAY);
    image->x1 = component.w;
    image->y1 = component.h;
    std::copy(samples.begin(), samples.end(), image->comps[0].data);
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.numresolution = 3;
    parameters.irreversible = lossless ? 0 : 1;
    parameters.tcp_rates[0] = lossless ? 0.0F : 8.0F;
    opj_codec_t* codec = opj_create_compress(OPJ_CODEC_J2K);
    REQUIRE(opj_setup_encoder(codec, &parameters, image));
    const TemporaryFolder folder;
    const auto file = folder.path() / "x.j2k";
    opj_stream_t* stream = opj_stream_create_default_file_stream(file.c_str(), OPJ_FALSE);
    REQUIRE(opj_start_compress(codec, image, stream));
    REQUIRE(opj_encode(codec, stream));
    REQUIRE(opj_end_compress(codec, stream));
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    const std::string bytes = read_file(file);
    return {bytes.begin(), bytes.end()};
}

std::vector<int> ramp(int width, int height) {
    std::vector<int> samples;
    for (int i = 0; i < width * height; ++i) {
        samples.push_back((i * 7) % 4096);
    }
    return samples;
}

int word(const Bytes& bytes, std::size_t i) {
    return bytes[2 * i] | bytes[2 * i + 1] << 8;
}

// Every sample, decoded and as it was.
void check_exact(const Bytes& stream, const std::vector<int>& samples, const PixelFormat& as) {
    Bytes decoded(as.frame_bytes());
    REQUIRE(dicom::decode_jpeg2000(stream, as, decoded));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        REQUIRE(word(decoded, i) == (samples[i] & 0xFFFF));
    }
}

void put(Bytes& stream, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
        stream[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i) & 0xFFU);
    }
}

// Pixel Data in fragments of our own choice, as a run.
std::filesystem::path write_run(const std::filesystem::path& file,
                                const std::vector<std::vector<Bytes>>& frames,
                                const std::vector<std::uint32_t>& table) {
    MadeRun made;
    made.remove({0x7FE0, 0x0010});
    DcmDataset data(dynamic_cast<DcmDataset&>(made.data()));
    auto* sequence = new DcmPixelSequence(DCM_PixelSequenceTag);
    auto* offsets = new DcmPixelItem(DCM_PixelItemTag);
    sequence->insert(offsets);
    if (!table.empty()) {
        Bytes bytes;
        for (const std::uint32_t offset : table) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                bytes.push_back(static_cast<std::uint8_t>(offset >> shift & 0xFFU));
            }
        }
        offsets->putUint8Array(bytes.data(), static_cast<unsigned long>(bytes.size()));
    }
    for (const auto& frame : frames) {
        for (Bytes fragment : frame) {
            fragment.resize(fragment.size() + fragment.size() % 2);
            auto* item = new DcmPixelItem(DCM_PixelItemTag);
            item->putUint8Array(fragment.data(), static_cast<unsigned long>(fragment.size()));
            sequence->insert(item);
        }
    }
    auto* pixels = new DcmPixelData(DCM_PixelData);
    pixels->putOriginalRepresentation(EXS_JPEG2000LosslessOnly, nullptr, sequence);
    data.insert(pixels);
    DcmFileFormat format(&data);
    REQUIRE(format.saveFile(file.c_str(), EXS_JPEG2000LosslessOnly).good());
    return file;
}

std::vector<Bytes> cut(const Bytes& stream, std::size_t pieces) {
    std::vector<Bytes> parts;
    const std::size_t each = (stream.size() / pieces) & ~std::size_t{1};
    for (std::size_t i = 0; i < pieces; ++i) {
        const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(i * each);
        parts.emplace_back(
            begin, i + 1 == pieces ? stream.end() : begin + static_cast<std::ptrdiff_t>(each));
    }
    return parts;
}

}  // namespace

TEST_CASE("lossless JPEG 2000 gives every sample back, lossy ones nearly") {
    const auto samples = ramp(37, 21);
    check_exact(encoded(samples, 37, 21, 12, true), samples, format(37, 21));
    std::vector<int> smooth;
    for (int i = 0; i < 64 * 64; ++i) {
        smooth.push_back(1000 + 8 * (i % 64) + 4 * (i / 64));
    }
    const Bytes lossy = encoded(smooth, 64, 64, 12, false);
    Bytes decoded(format(64, 64).frame_bytes());
    REQUIRE(dicom::decode_jpeg2000(lossy, format(64, 64), decoded));
    for (std::size_t i = 0; i < smooth.size(); ++i) {
        CHECK(std::abs(word(decoded, i) - smooth[i]) < 24);
    }
}

TEST_CASE("signed samples keep their bits, whichever of stream and header says so") {
    std::vector<int> samples;
    for (int i = 0; i < 64; ++i) {
        samples.push_back(i * 50 - 1600);
    }
    check_exact(encoded(samples, 8, 8, 16, true, true), samples, format(8, 8, 16));
}

TEST_CASE("a stream that is not the picture the header tells of is refused before decoding") {
    const Bytes good = encoded(ramp(16, 12), 16, 12, 12, true);
    Bytes decoded(format(16, 12).frame_bytes());
    REQUIRE(dicom::decode_jpeg2000(good, format(16, 12), decoded));
    constexpr std::size_t kRight = 8;
    constexpr std::size_t kTileWidth = 24;
    constexpr std::size_t kTileHeight = 28;
    Bytes huge = good;
    put(huge, kRight, 0xFFFFFFFF);
    CHECK_FALSE(dicom::decode_jpeg2000(huge, format(16, 12), decoded));
    Bytes no_tile = good;
    put(no_tile, kTileWidth, 0);
    CHECK_FALSE(dicom::decode_jpeg2000(no_tile, format(16, 12), decoded));
    // 60000 x 60000 in a few hundred bytes: the sizes agree, the amount does not.
    const PixelFormat vast = format(60'000, 60'000);
    Bytes bomb = good;
    put(bomb, kRight, 60'000);
    put(bomb, kRight + 4, 60'000);
    put(bomb, kTileWidth, 60'000);
    put(bomb, kTileHeight, 60'000);
    Bytes little(16);
    CHECK_FALSE(dicom::decode_jpeg2000(bomb, vast, little));
    PixelFormat narrow = format(16, 12, 8);
    narrow.bits_allocated = 8;
    CHECK_FALSE(dicom::decode_jpeg2000(good, narrow, decoded));  // 12 bits do not fit
}

TEST_CASE("a stream cut or garbled anywhere is an error or a picture, never a crash") {
    const Bytes good = encoded(ramp(16, 12), 16, 12, 12, true);
    Bytes decoded(format(16, 12).frame_bytes());
    for (std::size_t length = 0; length < good.size(); length += 3) {
        (void)dicom::decode_jpeg2000({good.data(), length}, format(16, 12), decoded);
    }
    CHECK_FALSE(dicom::decode_jpeg2000({good.data(), good.size() / 2}, format(16, 12), decoded));
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes garbled = good;
        garbled[at] ^= 0xA5U;
        (void)dicom::decode_jpeg2000(garbled, format(16, 12), decoded);
    }
}

TEST_CASE("the codestream is found inside JP2 boxes") {
    const auto samples = ramp(16, 12);
    const Bytes code = encoded(samples, 16, 12, 12, true);
    Bytes boxed{0, 0, 0, 12, 'j', 'P', ' ', ' ', 13,  10,  0x87, 10,
                0, 0, 0, 12, 'f', 't', 'y', 'p', 'j', 'p', '2',  ' '};
    const auto length = static_cast<std::uint32_t>(code.size() + 8);
    boxed.resize(boxed.size() + 4);
    put(boxed, boxed.size() - 4, length);
    for (const char c : {'j', 'p', '2', 'c'}) {
        boxed.push_back(static_cast<std::uint8_t>(c));
    }
    boxed.insert(boxed.end(), code.begin(), code.end());
    check_exact(boxed, samples, format(16, 12));
}

TEST_CASE("frames are found in many fragments, with an empty, a good and a broken offset table") {
    const TemporaryFolder folder;
    std::vector<std::vector<Bytes>> frames;
    std::vector<std::uint32_t> starts;
    std::uint32_t position = 0;
    for (int frame = 0; frame < MadeRun::kFrames; ++frame) {
        std::vector<int> samples;
        for (int i = 0; i < MadeRun::kColumns * MadeRun::kRows; ++i) {
            samples.push_back(100 * frame + i);
        }
        // The second frame is in three pieces.
        frames.push_back(
            cut(encoded(samples, MadeRun::kColumns, MadeRun::kRows, 12, true), frame == 1 ? 3 : 1));
        starts.push_back(position);
        for (const Bytes& fragment : frames.back()) {
            position += 8 + static_cast<std::uint32_t>(fragment.size() + fragment.size() % 2);
        }
    }
    const std::vector<std::vector<std::uint32_t>> tables{
        {}, starts, {0, 5, 7}, {0, starts[2], starts[1]}, {0, 0xFFFFFFF0, 0xFFFFFFFE}};
    for (const auto& table : tables) {
        const auto run = RunReader::open(write_run(folder.path() / "run.dcm", frames, table));
        REQUIRE(run);
        REQUIRE((*run)->info().frames == MadeRun::kFrames);
        Image<std::uint16_t> words((*run)->info().extent);
        for (const FrameIndex frame : {2, 0, 1}) {
            REQUIRE((*run)->read(frame, words.view()));
            CHECK(words.view()(0, 0) == 100 * frame);
            CHECK(words.view()(5, 3) == 100 * frame + 3 * MadeRun::kColumns + 5);
        }
    }
}
