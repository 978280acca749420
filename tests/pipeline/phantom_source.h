// A phantom run as a source of frames, with nothing written to disk.
#pragma once

#include <catch2/catch.hpp>
#include <utility>

#include "dsp/phantom/render.h"
#include "dsp/source/frame_source.h"

namespace dsm::test {

class PhantomSource : public FrameSource {
 public:
    explicit PhantomSource(const phantom::Recipe& recipe) : run_(make(recipe)) {}

    [[nodiscard]] const RunInfo& info() const override { return run_.info(); }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        run_.render(frame, words, {});
        return {};
    }
    // The first frame that holds contrast; the number of frames if none does.
    [[nodiscard]] FrameIndex first_contrast() const { return run_.truth().first_contrast_frame; }

 private:
    [[nodiscard]] static phantom::PhantomRun make(const phantom::Recipe& recipe) {
        auto run = phantom::PhantomRun::create(recipe);
        INFO((run ? std::string() : run.error().message()));
        REQUIRE(run.has_value());
        return std::move(*run);
    }
    phantom::PhantomRun run_;
};

}  // namespace dsm::test
