#include "dsp/core/stored_values.h"

namespace dsm {

Image<float> stored_values(ImageView<const std::uint16_t> words, int offset) {
    Image<float> values(words.extent());
    for (int y = 0; y < words.height(); ++y) {
        for (int x = 0; x < words.width(); ++x) {
            values(x, y) = static_cast<float>(words(x, y) + offset);
        }
    }
    return values;
}

}  // namespace dsm
