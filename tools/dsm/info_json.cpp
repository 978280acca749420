#include <nlohmann/json.hpp>

#include "tools/dsm/info_format.h"
#include "tools/dsm/info_names.h"

namespace dsm::cli {

namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json or_null(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json identity(const RunInfo& info) {
    return {{"patient_name", info.patient_name},
            {"patient_id", info.patient_id},
            {"study_date", info.study_date},
            {"study_time", info.study_time},
            {"study_description", info.study_description},
            {"series_description", info.series_description},
            {"series_number", info.series_number},
            {"instance_number", info.instance_number},
            {"manufacturer", info.manufacturer},
            {"study_instance_uid", info.study_instance_uid},
            {"series_instance_uid", info.series_instance_uid}};
}

ordered_json timing(const RunInfo& info) {
    ordered_json json{{"source", info.timing_source},
                      {"is_acquisition", info.timing_is_acquisition}};
    json["frame_time_s"] = info.has_timing() ? ordered_json(info.frame_time_s) : nullptr;
    return json;
}

ordered_json spacing(const RunInfo& info) {
    if (!info.spacing) {
        return nullptr;
    }
    return {{"row_mm", info.spacing->row_mm},
            {"column_mm", info.spacing->column_mm},
            {"basis", to_string(info.spacing->basis)},
            {"source", info.spacing_source}};
}

ordered_json intensity(const RunInfo& info) {
    const IntensityScale& scale = info.intensity;
    ordered_json json{{"relationship", to_string(scale.relationship)},
                      {"sign", scale.sign},
                      {"sign_source", scale.sign_source},
                      {"lut_entries", scale.to_linear.size()},
                      {"rescale", nullptr}};
    if (scale.has_rescale) {
        json["rescale"] = {{"slope", scale.rescale_slope},
                           {"intercept", scale.rescale_intercept},
                           {"type", scale.rescale_type}};
    }
    return json;
}

ordered_json masks(const RunInfo& info) {
    ordered_json all = ordered_json::array();
    for (const MaskSubtraction& mask : info.masks) {
        ordered_json ranges = ordered_json::array();
        for (const auto& range : mask.applicable) {
            ranges.push_back({range.first, range.last});
        }
        ordered_json shifts = ordered_json::array();
        for (const auto& shift : mask.frame_shifts) {
            shifts.push_back(
                {{"frame", shift.frame}, {"shift_px", {shift.shift_px.x, shift.shift_px.y}}});
        }
        all.push_back({{"operation", name_of(mask.operation)},
                       {"frames", mask.mask_frames},
                       {"applicable_frames", ranges},
                       {"contrast_frame_averaging", mask.contrast_frame_averaging},
                       {"time_offset_frames", mask.time_offset_frames},
                       {"shift_px", {mask.shift_px.x, mask.shift_px.y}},
                       {"frame_shifts", shifts}});
    }
    return all;
}

ordered_json digest_of(const std::optional<PixelDigest>& digest) {
    if (!digest) {
        return nullptr;
    }
    return {{"sha256", digest->sha256},
            {"min", digest->minimum},
            {"max", digest->maximum},
            {"mean", digest->mean}};
}

}  // namespace

std::string info_as_json(const RunInfo& info, const std::optional<PixelDigest>& digest) {
    ordered_json json;
    json["file"] = info.file.string();
    json["sop_class_uid"] = info.sop_class_uid;
    json["sop_class_name"] = info.sop_class_name;
    json["sop_instance_uid"] = info.sop_instance_uid;
    json["modality"] = info.modality;
    json["identity"] = identity(info);
    json["transfer_syntax_uid"] = info.transfer_syntax_uid;
    json["codec"] = info.codec_name;
    json["lossy"] = info.lossy;
    json["rows"] = info.extent.height;
    json["columns"] = info.extent.width;
    json["frames"] = info.frames;
    json["bits_allocated"] = info.bits_allocated;
    json["bits_stored"] = info.bits_stored;
    json["high_bit"] = info.high_bit;
    json["signed"] = info.is_signed;
    json["photometric"] = info.monochrome1 ? "MONOCHROME1" : "MONOCHROME2";
    json["timing"] = timing(info);
    json["spacing"] = spacing(info);
    json["intensity"] = intensity(info);
    json["window"] =
        info.window ? ordered_json{{"center", info.window->center}, {"width", info.window->width}}
                    : ordered_json(nullptr);
    json["position"] = to_string(info.position);
    json["position_source"] = info.position_source;
    json["patient_left"] = name_of(info.left_in_image);
    json["patient_head"] = name_of(info.head_in_image);
    json["orientation_source"] = info.orientation_source;
    json["primary_angle_deg"] = or_null(info.primary_angle_deg);
    json["secondary_angle_deg"] = or_null(info.secondary_angle_deg);
    json["shutter"] = info.shutter ? ordered_json{info.shutter->x, info.shutter->y,
                                                  info.shutter->width, info.shutter->height}
                                   : ordered_json(nullptr);
    json["masks"] = masks(info);
    json["recommended_viewing_mode"] = info.viewing_mode_subtracted ? "SUB" : "NAT";
    json["already_subtracted"] = info.already_subtracted;
    json["pixels"] = digest_of(digest);
    json["warnings"] = info.warnings;
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace dsm::cli
