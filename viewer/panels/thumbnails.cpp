#include "viewer/panels/thumbnails.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "viewer/theme.h"

namespace dsm::viewer {

// Held by nobody but this.
void Thumbnails::forget_those_let_go() {
    std::erase_if(shown_, [](const auto& each) { return each.second.picture.use_count() == 1; });
}

const gpu::Texture& Thumbnails::texture_of(const Picture& picture) {
    const auto known = shown_.find(picture.get());
    if (known != shown_.end()) {
        return known->second.texture;
    }
    forget_those_let_go();
    Shown& fresh = shown_[picture.get()];
    fresh.picture = picture;
    fresh.texture.upload(picture->view());
    return fresh.texture;
}

void Thumbnails::draw(ImDrawList& list, const Picture& picture, ImVec2 low, float side) {
    list.AddRectFilled(low, ImVec2(low.x + side, low.y + side), IM_COL32(8, 8, 9, 255));
    if (picture == nullptr || picture->empty()) {
        return;
    }
    const auto& texture = texture_of(picture);
    const auto width = static_cast<float>(picture->width());
    const auto height = static_cast<float>(picture->height());
    const float scale = side / std::max(width, height);
    const ImVec2 at(std::floor(low.x + 0.5F * (side - scale * width)),
                    std::floor(low.y + 0.5F * (side - scale * height)));
    // ImGui's name for a texture is a pointer-sized word that the backend reads as GL's.
    list.AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture.name())), at,
                  ImVec2(at.x + std::round(scale * width), at.y + std::round(scale * height)));
}

}  // namespace dsm::viewer
