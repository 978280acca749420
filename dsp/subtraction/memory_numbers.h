// The numbers that contrast_memory.h is made with, for the processor and the graphics card alike.
#pragma once

namespace dsm::memory_numbers {

// Variance of a measurement over that of a full-resolution pixel: a quarter for the half-resolution
// pixel, a quarter for the smoothing, and more for the detector's blur, which correlates noise.
inline constexpr float kSmoothed = 0.0625F * 1.3F;
inline constexpr float kFrameShare = 0.5F;  // of the whole frame's residue
inline constexpr float kNoiseTaken = 0.9F;  // of the noise in negative squares
inline constexpr float kDirty = 50.0F;  // residue over noise at which a frame is half unbelieved
inline constexpr float kFirstNoise = 6.25e-6F;  // variance of no contrast before the first frame
inline constexpr float kUnknown = 0.1F;         // variance of contrast nothing is known of
inline constexpr float kPerSecond = 8e-6F;      // variance of contrast added by a second
inline constexpr float kJump = 3.0F;            // standard deviations
inline constexpr float kBeyondDoubt = 6.0F;     // standard deviations
inline constexpr float kDropNoise = 2.0F;       // standard deviations that are no drop
inline constexpr float kForgotten_s = 22.0F;    // unsteadiness
inline constexpr float kMixedDoubt = 0.012F;    // opacity
inline constexpr float kMixedShare = 0.3F;      // of the contrast
inline constexpr float kSmall = 1e-7F;
inline constexpr float kNear = 0.7F;       // limit of z beside certain contrast
inline constexpr float kFar = 3.2F;        // and away from it
inline constexpr float kCertain = 1.8F;    // z of contrast that makes its surroundings near
inline constexpr float kSureShare = 0.1F;  // of such contrast around a place that is near
inline constexpr int kNearBlocks = 5;
inline constexpr int kRounds = 5;
inline constexpr float kTwoSided = 1.5F;  // forwards and backwards share a measurement

}  // namespace dsm::memory_numbers
