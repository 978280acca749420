#include "dsp/pipeline/candidates_json.h"

#include <algorithm>
#include <limits>
#include <string>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/json_cursor.h"
#include "dsp/pipeline/json_file.h"

namespace dsm {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kSchema = "dsm-candidates/1";

Json json_of(const CandidateRecord& candidate) {
    Json path = Json::array();
    for (const Point p : candidate.path_px) {
        path.push_back(Json::array({number_or_null(p.x), number_or_null(p.y)}));
    }
    Json features = Json::object();
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        features[std::string(kLeakFeatureNames[i])] = number_or_null(candidate.features[i]);
    }
    return {{"dark", candidate.dark},
            {"kind", to_string(candidate.kind)},
            {"path_px", std::move(path)},
            {"onset_frame", candidate.onset_frame},
            {"peak_opacity", number_or_null(candidate.peak_opacity)},
            {"width_mm", number_or_null(candidate.width_mm)},
            {"confidence", number_or_null(candidate.confidence)},
            {"features", std::move(features)}};
}

CandidateRecord candidate_of(const JsonCursor& field) {
    CandidateRecord candidate;
    candidate.dark = field.at("dark").boolean(false);
    const auto kind = from_string<LeakKind>(field.at("kind").text());
    if (!kind) {
        field.at("kind").complain("is no kind of highlight");
    }
    candidate.kind = kind.value_or(LeakKind::unclassified);
    candidate.path_px = field.at("path_px").points();
    candidate.onset_frame = field.at("onset_frame").integer(0);
    candidate.peak_opacity = field.at("peak_opacity").number();
    candidate.width_mm = field.at("width_mm").number();
    candidate.confidence = field.at("confidence").number();
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        candidate.features[i] = field.at("features").at(std::string(kLeakFeatureNames[i])).number();
    }
    return candidate;
}

}  // namespace

Result<void> write_candidates(const std::filesystem::path& file,
                              const std::vector<CandidateRecord>& candidates) {
    Json list = Json::array();
    for (const CandidateRecord& candidate : candidates) {
        list.push_back(json_of(candidate));
    }
    return write_file_atomically(
        file, json_text({{"schema", kSchema}, {"candidates", std::move(list)}}) + "\n");
}

Result<std::vector<CandidateRecord>> read_candidates(const std::filesystem::path& file) {
    const auto json = read_json_file(file);
    if (!json) {
        return tl::unexpected(json.error());
    }
    std::string problem;
    const JsonCursor root(*json, problem);
    if (root.at("schema").text() != kSchema) {
        return fail(ErrorKind::unsupported, file.string(),
                    std::string("is not of schema ") + kSchema,
                    "write it with dsm process --dump candidates");
    }
    std::vector<CandidateRecord> candidates;
    for (const JsonCursor& entry : root.at("candidates").items()) {
        candidates.push_back(candidate_of(entry));
    }
    if (!problem.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), problem,
                    "write it again with dsm process --dump candidates");
    }
    return candidates;
}

}  // namespace dsm
