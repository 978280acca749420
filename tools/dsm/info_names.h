// Words for the values of RunInfo that `dsm info` prints.
#pragma once

#include "dsp/core/run_info.h"

namespace dsm::cli {

[[nodiscard]] constexpr const char* name_of(LeftInImage left) {
    switch (left) {
        case LeftInImage::towards_larger_x:
            return "right_of_image";
        case LeftInImage::towards_smaller_x:
            return "left_of_image";
        case LeftInImage::towards_larger_y:
            return "bottom_of_image";
        case LeftInImage::towards_smaller_y:
            return "top_of_image";
        case LeftInImage::undetermined:
            break;
    }
    return "undetermined";
}

[[nodiscard]] constexpr const char* name_of(HeadInImage head) {
    switch (head) {
        case HeadInImage::towards_larger_x:
            return "right_of_image";
        case HeadInImage::towards_smaller_x:
            return "left_of_image";
        case HeadInImage::towards_larger_y:
            return "bottom_of_image";
        case HeadInImage::towards_smaller_y:
            return "top_of_image";
        case HeadInImage::undetermined:
            break;
    }
    return "undetermined";
}

[[nodiscard]] constexpr const char* name_of(MaskSubtraction::Operation operation) {
    switch (operation) {
        case MaskSubtraction::Operation::average:
            return "AVG_SUB";
        case MaskSubtraction::Operation::time_interval:
            return "TID";
        case MaskSubtraction::Operation::reversed_time_interval:
            return "REV_TID";
        case MaskSubtraction::Operation::none:
            break;
    }
    return "NONE";
}

}  // namespace dsm::cli
