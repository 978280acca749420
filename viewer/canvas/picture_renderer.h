// Draws one view's picture: uploads values as they are, windows them in a shader.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "dsp/gpu/framebuffer.h"
#include "dsp/gpu/picture_painter.h"
#include "viewer/canvas/view_transform.h"
#include "viewer/study/run_session.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

struct PictureLook {
    DisplayWindow window{0.0, 1.0};
    bool inverted{false};
    Magnification magnification;
    Extent view;  // in screen pixels
    // The stored frame under the picture: its part (0 to 1), in stored values its window.
    double anatomy_part{0.0};
    DisplayWindow anatomy_window{0.0, 1.0};
    bool anatomy_inverted{false};
    bool in_colours{false};
    std::optional<PixelRect> shutter;
    friend bool operator==(const PictureLook&, const PictureLook&) = default;
};

// Which values: compared, so that nothing is uploaded twice.
struct PictureSource {
    const RunSession* run{nullptr};
    PictureKind kind{PictureKind::original};
    FrameIndex frame{0};
    bool unregistered{false};
    bool filtered{false};
    bool sharpened{false};
    std::optional<FrameIndex> anatomy;  // the stored frame to lie under it
    unsigned job{0};                    // serial of the job they come from; 0 for stored frames
    friend bool operator==(const PictureSource&, const PictureSource&) = default;
};

class PictureRenderer {
 public:
    static constexpr std::size_t kViews = 4;
    static constexpr std::size_t kTargets = 2 * kViews;  // each view has a magnifier too

    [[nodiscard]] static Result<PictureRenderer> create();
    // Draws into view `view`'s own target; returns its texture, or why there is no picture (yet).
    [[nodiscard]] Result<GLuint> draw(std::size_t view, PictureSource source,
                                      const PictureLook& look);
    void forget(const RunSession* run);  // its address may be used again

 private:
    struct View {
        std::optional<PictureSource> uploaded;
        std::optional<PictureLook> drawn;
        gpu::Texture values;
        gpu::Texture anatomy;
        gpu::Framebuffer target;
        float scale{1.0F};
        float offset{0.0F};
        Image<std::uint16_t> words;
        Image<float> floats;
    };
    explicit PictureRenderer(gpu::PicturePainter painter) : painter_(std::move(painter)) {}
    // Values that are shown as they are, or sharpened.
    static void upload_values(View& view, const PictureSource& source,
                              ImageView<const float> values);
    [[nodiscard]] Result<void> upload(View& view, const PictureSource& source);
    [[nodiscard]] static Result<void> upload_stored(View& view, const PictureSource& source);
    [[nodiscard]] static Result<void> upload_opacity(View& view, const PictureSource& source);
    [[nodiscard]] static Result<void> upload_peak(View& view, const PictureSource& source);
    [[nodiscard]] static Result<void> upload_arrival(View& view, const PictureSource& source);
    static void upload_anatomy(View& view, PictureSource& source);
    [[nodiscard]] static Result<void> upload_variance(View& view, const PictureSource& source);
    void paint(View& view, const PictureSource& source, const PictureLook& look);

    gpu::PicturePainter painter_;
    std::array<View, kTargets> views_;
};

}  // namespace dsm::viewer
