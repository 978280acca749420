#include "dsp/pipeline/json_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <system_error>

namespace dsm {
namespace {

using Json = nlohmann::ordered_json;

std::string compact(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool holds_objects(const Json& value) {
    return value.is_object() ||
           (value.is_array() && std::any_of(value.begin(), value.end(), holds_objects));
}

void append(const Json& value, int depth, std::string& text) {
    if (!holds_objects(value) || value.empty()) {
        text += compact(value);
        return;
    }
    const bool object = value.is_object();
    const std::string indent(static_cast<std::size_t>(depth) + 1, ' ');
    text += object ? "{" : "[";
    const char* separator = "\n";
    for (const auto& [key, entry] : value.items()) {
        text += separator + indent;
        if (object) {
            text += compact(Json(key)) + ": ";
        }
        append(entry, depth + 1, text);
        separator = ",\n";
    }
    text += "\n" + std::string(static_cast<std::size_t>(depth), ' ') + (object ? "}" : "]");
}

}  // namespace

std::string json_text(const Json& value) {
    std::string text;
    append(value, 0, text);
    return text + "\n";
}

Result<nlohmann::json> read_json_file(const std::filesystem::path& file) {
    std::error_code problem;
    const auto size = std::filesystem::file_size(file, problem);
    if (problem) {
        return fail(ErrorKind::not_found, file.string(), "cannot be read: " + problem.message(),
                    "check the name");
    }
    if (size > kLargestJsonBytes) {
        return fail(ErrorKind::invalid_input, file.string(), "is too large to be read as JSON",
                    "give the file that dsm wrote");
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::io, file.string(), "cannot be opened", "check the permissions");
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        return fail(ErrorKind::invalid_input, file.string(), "is not JSON",
                    "the file may be cut short; write it again");
    }
    return json;
}

Json number_or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

}  // namespace dsm
