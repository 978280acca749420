// Eight floats at once, for loops the compiler does not vectorise by itself: sums (it may not
// reorder them) and choices. GCC's and clang's vector extension: lowered to whatever the processor
// has. DSM_HOT makes a second version of a function for processors with AVX2 and FMA, chosen when
// the program starts; the two differ by rounding alone.
#pragma once

#include <cstdint>
#include <cstring>

#include "dsp/core/sanitizers.h"

// Sanitizers run before the choice can be made; clang 14 and other processors do not offer it.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(DSM_ADDRESS_SANITIZER) && !defined(DSM_THREAD_SANITIZER)
#define DSM_HOT __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define DSM_HOT
#endif
// What a DSM_HOT function calls must become part of it, or it is not made for that processor.
#define DSM_INLINE inline __attribute__((always_inline))
#define DSM_LAMBDA __attribute__((always_inline))

namespace dsm {

inline constexpr int kLanes = 8;

using Lanes = float __attribute__((vector_size(32)));
using IntLanes = std::int32_t __attribute__((vector_size(32)));

// Through references, because vectors passed by value change the calling convention.
DSM_INLINE void load(const float* from, Lanes& to) {
    std::memcpy(&to, from, sizeof to);
}
DSM_INLINE void store(const Lanes& from, float* to) {
    std::memcpy(to, &from, sizeof from);
}
DSM_INLINE float sum_of(const Lanes& v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

}  // namespace dsm
