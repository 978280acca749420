// The context that parity tests run in; they warn and return where none can be made.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <utility>

#include "dsp/gpu/context.h"

namespace dsm::test {

[[nodiscard]] inline std::optional<gpu::Context> gl_here() {
    auto context = gpu::Context::create_headless();
    if (!context) {
        WARN(context.error().message() + " (not run)");
        return std::nullopt;
    }
    return std::move(*context);
}

}  // namespace dsm::test
