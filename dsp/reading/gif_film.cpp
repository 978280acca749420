// Animated GIF (GIF89a) by giflib; each picture with a palette of its own.
#include <fcntl.h>
#include <gif_lib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "dsp/reading/film_encoder.h"
#include "dsp/reading/gif_palette.h"

namespace dsm::reading {

namespace {

constexpr int kColours = 256;
constexpr double kTicksPerSecond = 100.0;

struct CloseGif {
    void operator()(GifFileType* file) const {
        int ignored = 0;
        EGifCloseFile(file, &ignored);
    }
};
struct FreeMap {
    void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};

class GifEncoder final : public FilmEncoder {
 public:
    GifEncoder(GifFileType* file, std::filesystem::path named, std::vector<int> ticks)
        : file_(file), named_(std::move(named)), ticks_(std::move(ticks)) {}

    // Its size, and that it goes round without end (the NETSCAPE2.0 extension).
    Result<void> begin(const Canvas& first) {
        EGifSetGifVersion(file_.get(), true);
        constexpr std::array<unsigned char, 3> kForEver{1, 0, 0};
        const bool fine =
            EGifPutScreenDesc(file_.get(), static_cast<int>(first.width()),
                              static_cast<int>(first.height()), 8, 0, nullptr) == GIF_OK &&
            EGifPutExtensionLeader(file_.get(), APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
            EGifPutExtensionBlock(file_.get(), 11, "NETSCAPE2.0") == GIF_OK &&
            EGifPutExtensionBlock(file_.get(), kForEver.size(), kForEver.data()) == GIF_OK &&
            EGifPutExtensionTrailer(file_.get()) == GIF_OK;
        return fine ? Result<void>{} : failed();
    }

    Result<void> add(const Canvas& picture) override {
        const auto words = reading::pixels_of(picture);
        const int width = static_cast<int>(picture.width());
        const int height = static_cast<int>(picture.height());
        GifPalette palette = gif_palette(words);
        const std::unique_ptr<ColorMapObject, FreeMap> map(GifMakeMapObject(kColours, nullptr));
        if (map == nullptr) {
            return fail(ErrorKind::internal, named_.string(), "no palette can be made");
        }
        for (std::size_t i = 0; i < palette.colours.size(); ++i) {
            const std::uint32_t word = palette.colours[i];
            map->Colors[i] = {static_cast<GifByteType>((word >> 16U) & 0xFFU),
                              static_cast<GifByteType>((word >> 8U) & 0xFFU),
                              static_cast<GifByteType>(word & 0xFFU)};
        }
        return put(palette.indices, *map, width, height);
    }

    Result<void> finish() override {
        int reason = 0;
        const bool closed = EGifCloseFile(file_.release(), &reason) == GIF_OK;
        return closed ? Result<void>{}
                      : fail(ErrorKind::io, named_.string(), "could not be written completely",
                             "check that the disk is not full");
    }

 private:
    Result<void> put(std::vector<GifByteType>& indices, ColorMapObject& map, int width,
                     int height) {
        GraphicsControlBlock control{};
        control.DisposalMode = DISPOSE_DO_NOT;
        control.TransparentColor = NO_TRANSPARENT_COLOR;
        control.DelayTime = next_ < ticks_.size() ? std::min(ticks_[next_++], 65535) : 1;
        std::array<GifByteType, 4> extension{};
        EGifGCBToExtension(&control, extension.data());
        if (EGifPutExtension(file_.get(), GRAPHICS_EXT_FUNC_CODE, extension.size(),
                             extension.data()) != GIF_OK ||
            EGifPutImageDesc(file_.get(), 0, 0, width, height, false, &map) != GIF_OK) {
            return failed();
        }
        for (int y = 0; y < height; ++y) {
            GifByteType* row = indices.data() + static_cast<std::ptrdiff_t>(y) * width;
            if (EGifPutLine(file_.get(), row, width) != GIF_OK) {
                return failed();
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> failed() const {
        const char* reason = GifErrorString(file_->Error);
        return fail(
            ErrorKind::io, named_.string(),
            std::string("cannot be written: ") + (reason == nullptr ? "no reason given" : reason),
            "check that the disk is not full");
    }

    std::unique_ptr<GifFileType, CloseGif> file_;
    std::filesystem::path named_;
    std::vector<int> ticks_;
    std::size_t next_{0};
};

}  // namespace

Result<std::unique_ptr<FilmEncoder>> gif_encoder(const std::filesystem::path& file,
                                                 const std::filesystem::path& named,
                                                 const Canvas& first,
                                                 const std::vector<double>& stays_s) {
    int reason = 0;
    // giflib itself would make a file that its owner alone can read.
    const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    GifFileType* opened = handle < 0 ? nullptr : EGifOpenFileHandle(handle, &reason);
    if (opened == nullptr) {
        const std::string why = handle < 0 ? std::strerror(errno) : "giflib refuses";
        if (handle >= 0) {
            ::close(handle);
        }
        return fail(ErrorKind::io, named.string(), "cannot be created: " + why,
                    "check that the folder exists and is writable");
    }
    auto encoder =
        std::make_unique<GifEncoder>(opened, named, stays_in_ticks(stays_s, kTicksPerSecond));
    if (auto begun = encoder->begin(first); !begun) {
        return tl::unexpected(begun.error());
    }
    return encoder;
}

}  // namespace dsm::reading
