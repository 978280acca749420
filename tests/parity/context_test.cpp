#include "dsp/gpu/context.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

Image<std::uint16_t> frame_of(int k, Extent extent) {
    Image<std::uint16_t> frame(extent);
    for (std::size_t i = 0; i < frame.pixels().size(); ++i) {
        frame.pixels()[i] = static_cast<std::uint16_t>(i * 31 + static_cast<std::size_t>(k) * 977);
    }
    return frame;
}

}  // namespace

TEST_CASE("a context names its driver, and a second one beside it does not disturb it") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    CHECK(!context->renderer().empty());
    CHECK(gpu::check_driver("nothing"));
    {
        const auto other = gpu::Context::create_headless();
        REQUIRE(other);
        CHECK(other->renderer() == context->renderer());
    }
    context->make_current();
    CHECK(gpu::check_driver("nothing"));
    CHECK(glGetString(GL_RENDERER) != nullptr);
}

TEST_CASE("what goes wrong in the driver is told once, in one line") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    glUseProgram(0);
    glDispatchCompute(1, 1, 1);
    const auto wrong = gpu::check_driver("linearise");
    REQUIRE(!wrong);
    CHECK(wrong.error().message().find("linearise") != std::string::npos);
    CHECK(wrong.error().message().find('\n') == std::string::npos);
    CHECK(gpu::check_driver("linearise"));
}

TEST_CASE("frames pass through the upload ring unharmed, more of them than it has slots") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent{37, 21};
    constexpr int kFrames = 8;
    gpu::UploadRing ring(extent.pixels() * sizeof(std::uint16_t));
    gpu::PictureStack<std::uint16_t> frames;
    frames.allocate(extent, kFrames);
    gpu::TimestampPair timer;
    CHECK(!timer.elapsed_ms());
    timer.begin();
    for (int k = 0; k < kFrames; ++k) {
        const auto slot = ring.next();
        REQUIRE(slot);
        const Image<std::uint16_t> frame = frame_of(k, extent);
        std::memcpy(slot->data(), frame.pixels().data(), slot->size());
        ring.bind_unpack();
        frames.upload_bound(ring.offset(), k);
        gpu::UploadRing::unbind_unpack();
        ring.done();
    }
    timer.end();
    REQUIRE(timer.elapsed_ms());
    CHECK(*timer.elapsed_ms() >= 0.0);
    for (int k = 0; k < kFrames; ++k) {
        Image<std::uint16_t> back(extent);
        frames.read(back.view(), k);
        const Image<std::uint16_t> frame = frame_of(k, extent);
        CHECK(std::equal(back.pixels().begin(), back.pixels().end(), frame.pixels().begin()));
    }
    CHECK(gpu::check_driver("upload"));
}

TEST_CASE("pictures come back when they are asked for, as they were when they were sent") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent{37, 21};
    const Image<std::uint16_t> first = frame_of(1, extent);
    const Image<std::uint16_t> second = frame_of(2, extent);
    const std::size_t bytes = sizeof(std::uint16_t) * extent.pixels();
    gpu::PictureStack<std::uint16_t> frames;
    frames.allocate(extent, 2);
    frames.upload(first.view(), 0);
    frames.upload(second.view(), 1);
    gpu::ReadbackBuffer back;
    CHECK(!back.receive());
    back.begin(2 * bytes);
    frames.send(bytes, 0);
    frames.send(0, 1);
    back.sent();
    CHECK(back.on_its_way());
    frames.fill(7);
    gpu::ReadbackBuffer moved = std::move(back);
    const auto received = moved.receive();
    REQUIRE(received);
    REQUIRE(received->size() == 2 * bytes);
    CHECK(std::memcmp(received->data(), second.pixels().data(), bytes) == 0);
    CHECK(std::memcmp(received->data() + bytes, first.pixels().data(), bytes) == 0);
    CHECK(!moved.on_its_way());
    CHECK(gpu::check_driver("read-back"));
}

TEST_CASE("views with a stride are uploaded and read row by row") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    Image<float> wide({40, 9}, -1.0F);
    for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 40; ++x) {
            wide(x, y) = static_cast<float>(x + 100 * y);
        }
    }
    gpu::PictureStack<float> stack;
    stack.allocate({11, 9}, 2);
    stack.upload(ImageView<const float>(wide.view().data() + 5, {11, 9}, 40), 1);
    Image<float> back({16, 9}, -1.0F);
    stack.read(ImageView<float>(back.view().data(), {11, 9}, 16), 1);
    for (int y = 0; y < 9; ++y) {
        CHECK(back(0, y) == wide(5, y));
        CHECK(back(10, y) == wide(15, y));
        CHECK(back(11, y) == -1.0F);
    }
    CHECK(gpu::check_driver("upload"));
}
