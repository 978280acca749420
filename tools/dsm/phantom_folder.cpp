#include "tools/dsm/phantom_folder.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/atomic_file.h"
#include "dsp/core/levels.h"
#include "dsp/dicom/xa_writer.h"
#include "dsp/phantom/render.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Keeps `per_unit`-ths: the text then shows no more digits than that.
double rounded(double value, double per_unit) {
    return std::round(value * per_unit) / per_unit;
}

Json point_json(Point p) {
    return {rounded(p.x, 100.0), rounded(p.y, 100.0)};
}

XaCodec codec_of(phantom::Codec codec) {
    switch (codec) {
        case phantom::Codec::jpeg_lossless:
            return XaCodec::jpeg_lossless;
        case phantom::Codec::jpeg_ls:
            return XaCodec::jpeg_ls;
        case phantom::Codec::rle:
            return XaCodec::rle;
        case phantom::Codec::explicit_little_endian:
            break;
    }
    return XaCodec::explicit_little_endian;
}

// numpy's format 1.0: magic, header length, a Python dictionary padded to 64 bytes.
std::string npy_header(int frames, Extent extent) {
    std::string header = "{'descr': '<f2', 'fortran_order': False, 'shape': (" +
                         std::to_string(frames) + ", " + std::to_string(extent.height) + ", " +
                         std::to_string(extent.width) + "), }";
    const std::size_t unpadded = 10 + header.size() + 1;
    header.append((64 - unpadded % 64) % 64, ' ');
    header += '\n';
    std::string out("\x93NUMPY\x01\x00", 8);
    out += static_cast<char>(header.size() & 0xffU);
    out += static_cast<char>(header.size() >> 8U);
    return out + header;
}

void write_half_floats(std::ostream& out, Image<float>& opacity) {
    const cv::Mat wide(opacity.height(), opacity.width(), CV_32F, opacity.pixels().data());
    cv::Mat narrow;
    wide.convertTo(narrow, CV_16F);
    out.write(reinterpret_cast<const char*>(narrow.data),
              static_cast<std::streamsize>(narrow.total() * narrow.elemSize()));
}

Result<void> write_png(const fs::path& file, Image<std::uint8_t>& mask) {
    std::vector<unsigned char> bytes;
    const cv::Mat picture(mask.height(), mask.width(), CV_8U, mask.pixels().data());
    if (!cv::imencode(".png", picture, bytes)) {
        return fail(ErrorKind::internal, file.string(), "cannot be encoded");
    }
    return write_file_atomically(
        file, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Json truth_json(const phantom::PhantomRun& run, const phantom::Truth& truth, bool opacity) {
    Json json;
    json["schema"] = "dsm-truth/1";
    json["run"] = "run.dcm";
    json["name"] = run.recipe().name;
    json["note"] = run.recipe().note;
    json["seed"] = run.recipe().seed;
    json["split"] = to_string(run.recipe().split);
    json["class"] = truth.leak_class;
    json["pixel_mm"] = run.recipe().image.pixel_mm;
    json["frame_time_s"] = run.info().frame_time_s;
    json["first_contrast_frame"] = truth.first_contrast_frame;
    json["noise_opacity"] = truth.noise_opacity;
    json["levels"] = Json::array();
    for (const LevelMark& mark : truth.levels) {
        json["levels"].push_back(
            {{"label", mark.label}, {"center_px", point_json(mark.center_px)}});
    }
    json["structures"] = Json::array();
    for (const phantom::TrueStructure& s : truth.structures) {
        Json path = Json::array();
        for (const Point p : s.path_px) {
            path.push_back(point_json(p));
        }
        Json one = {{"kind", s.kind}};
        one["level"] = s.level.empty() ? Json(nullptr) : Json(s.level);
        one["side"] = to_string(s.side);
        one["path_px"] = std::move(path);
        one["width_mm"] = rounded(s.width_mm, 100.0);
        one["onset_frame"] = s.onset_frame;
        one["peak_opacity"] = rounded(s.peak_opacity, 1e5);
        json["structures"].push_back(std::move(one));
    }
    json["sac_mask"] = "sac.png";
    json["contrast_free_mask"] = "free.png";
    if (opacity) {
        json["opacity"] = "opacity_true.npy";
    }
    return json;
}

// Renders every frame into `words`; the true opacity goes to `out` as it comes, where there is one.
Result<void> render_all(phantom::PhantomRun& run, std::vector<std::uint16_t>& words,
                        std::ostream* out, const PhantomFolderOptions& options) {
    const Extent extent = run.info().extent;
    const int frames = run.info().frames;
    words.resize(extent.pixels() * static_cast<std::size_t>(frames));
    Image<float> opacity(extent);
    if (out != nullptr) {
        *out << npy_header(frames, extent);
    }
    for (int frame = 0; frame < frames; ++frame) {
        run.render(frame,
                   {words.data() + extent.pixels() * static_cast<std::size_t>(frame), extent},
                   opacity.view());
        if (out != nullptr) {
            write_half_floats(*out, opacity);
            if (!*out) {
                break;  // the atomic writer reports it
            }
        }
        if (options.progress) {
            options.progress((frame + 1.0) / frames);
        }
    }
    return {};
}

Result<void> write_descriptions(const phantom::PhantomRun& run, const fs::path& folder,
                                bool opacity) {
    phantom::Truth truth = run.truth();
    Result<void> done = write_png(folder / "sac.png", truth.sac);
    if (done) {
        done = write_png(folder / "free.png", truth.free);
    }
    if (done && truth.levels.size() >= 2) {
        const std::vector<LevelMark> outermost{truth.levels.front(), truth.levels.back()};
        done = write_levels_file(folder / "levels.json", outermost);
    }
    if (done) {
        done = write_file_atomically(folder / "recipe.json", phantom::recipe_text(run.recipe()));
    }
    if (done) {
        done = write_file_atomically(folder / "truth.json",
                                     truth_json(run, truth, opacity).dump(1) + "\n");
    }
    return done;
}

}  // namespace

Result<void> write_phantom_folder(const phantom::Recipe& recipe, const fs::path& folder,
                                  const PhantomFolderOptions& options) {
    std::error_code made;
    fs::create_directories(folder, made);
    if (made) {
        return fail(ErrorKind::io, folder.string(), "cannot be made: " + made.message(),
                    "choose another folder with --out");
    }
    Result<phantom::PhantomRun> run = phantom::PhantomRun::create(recipe);
    if (!run) {
        return tl::unexpected(run.error());
    }
    std::error_code ignored;
    fs::remove(folder / "truth.json", ignored);
    std::vector<std::uint16_t> words;
    Result<void> done =
        options.opacity ? write_file_atomically(folder / "opacity_true.npy",
                                                [&](std::ostream& out) -> Result<void> {
                                                    return render_all(*run, words, &out, options);
                                                })
                        : render_all(*run, words, nullptr, options);
    if (!done) {
        return done;
    }
    XaRun xa;
    xa.info = run->info();
    xa.codec = codec_of(recipe.image.codec);
    xa.magnification = phantom::kMagnification;
    done = write_xa_run(folder / "run.dcm", xa, words);
    return done ? write_descriptions(*run, folder, options.opacity) : done;
}

}  // namespace dsm::cli
