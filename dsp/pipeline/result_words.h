// Words of result.json for values whose own rooms do not spell them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "dsp/core/run_info.h"
#include "dsp/core/stage.h"
#include "dsp/pipeline/process.h"

namespace dsm::words {

template <class E, std::size_t N>
using Table = std::array<std::pair<E, const char*>, N>;

inline constexpr Table<Mode, 2> kModes{{{Mode::live, "live"}, {Mode::review, "review"}}};
inline constexpr Table<Backend, 3> kBackends{
    {{Backend::automatic, "auto"}, {Backend::cpu, "cpu"}, {Backend::gpu, "gpu"}}};
inline constexpr Table<MaskSource, 3> kMaskSources{{{MaskSource::automatic, "automatic"},
                                                    {MaskSource::operator_chosen, "operator"},
                                                    {MaskSource::file, "file"}}};
inline constexpr Table<LiveSourceKind, 2> kLiveSources{
    {{LiveSourceKind::folder, "folder"}, {LiveSourceKind::video, "video"}}};
inline constexpr Table<PatientPosition, 4> kPositions{
    {{PatientPosition::left_decubitus, "left_decubitus"},
     {PatientPosition::right_decubitus, "right_decubitus"},
     {PatientPosition::prone, "prone"},
     {PatientPosition::supine, "supine"}}};
inline constexpr Table<SpacingBasis, 3> kSpacingBases{{{SpacingBasis::calibrated, "calibrated"},
                                                       {SpacingBasis::at_isocentre, "at_isocentre"},
                                                       {SpacingBasis::at_detector, "at_detector"}}};
inline constexpr Table<LeftInImage, 4> kLeft{
    {{LeftInImage::towards_larger_x, "towards_larger_x"},
     {LeftInImage::towards_smaller_x, "towards_smaller_x"},
     {LeftInImage::towards_larger_y, "towards_larger_y"},
     {LeftInImage::towards_smaller_y, "towards_smaller_y"}}};
inline constexpr Table<HeadInImage, 4> kHead{
    {{HeadInImage::towards_larger_x, "towards_larger_x"},
     {HeadInImage::towards_smaller_x, "towards_smaller_x"},
     {HeadInImage::towards_larger_y, "towards_larger_y"},
     {HeadInImage::towards_smaller_y, "towards_smaller_y"}}};

// Null for a value that has no word: it is not known.
template <class E, std::size_t N>
[[nodiscard]] const char* word_of(const Table<E, N>& table, E value) {
    for (const auto& [entry, word] : table) {
        if (entry == value) {
            return word;
        }
    }
    return nullptr;
}

template <class E, std::size_t N>
[[nodiscard]] std::optional<E> value_of(const Table<E, N>& table, const std::string& word) {
    for (const auto& [entry, text] : table) {
        if (word == text) {
            return entry;
        }
    }
    return std::nullopt;
}

}  // namespace dsm::words
