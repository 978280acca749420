// Frames that matter, kept as they are shown.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/picture_shown.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<const KeyImage*> key_image_of(const Workspace& workspace, const Words& words) {
    const auto id = words.whole(0, "the number of the key image");
    if (!id) {
        return tl::unexpected(id.error());
    }
    const auto* found = find_key_image(workspace.run_review(), *id);
    if (found == nullptr) {
        return words.wrong(fmt::format("there is no key image {}", *id));
    }
    return found;
}

// A picture that is not there yet cannot be kept as it is shown.
Result<void> check_shown(const Workspace& workspace, PictureKind kind, const Words& words) {
    const auto& run = *workspace.run();
    const auto frame = workspace.run_view().frame;
    const bool stored = kind == PictureKind::original || kind == PictureKind::mask;
    const bool there = stored ? run.frames().holds(frame)
                       : is_of_the_run(kind)
                           ? run.findings() != nullptr && run.findings()->result != nullptr
                           : run.job_with(frame) != nullptr;
    return there ? Result<void>{} : words.wrong("the picture is not there yet");
}

Result<void> add_key_image(Workspace& workspace, const Words& words) {
    auto kind = main_picture(workspace.view, workspace.run_view());
    if (words.count() > 0) {
        const auto named = words.choice(0, kPictureWords, "the view");
        if (!named) {
            return tl::unexpected(named.error());
        }
        kind = static_cast<PictureKind>(*named);
    }
    if (auto there = check_shown(workspace, kind, words); !there) {
        return there;
    }
    KeyImage image;
    image.id = next_key_image_id(workspace.run_review());
    image.frame = workspace.run_view().frame;
    image.shown = picture_shown(workspace, kind);
    image.stamp = stamp_now();
    const auto& there = workspace.run_review().key_images;
    const auto same = std::find_if(there.begin(), there.end(), [&](const KeyImage& other) {
        return other.frame == image.frame && other.shown == image.shown;
    });
    if (same != there.end()) {
        workspace.run_view().selected_key_image = same->id;
        workspace.say(fmt::format("This is key image {} already", same->id));
        return {};
    }
    const MarkId id = image.id;
    auto done = record(workspace, AddKeyImage{workspace.run()->key(), std::move(image)});
    if (done) {
        workspace.run_view().selected_key_image = id;
        workspace.run_view().selected_annotation.reset();
    }
    return done;
}

void go_to(Workspace& workspace, const KeyImage& image) {
    auto& view = workspace.run_view();
    view.selected_key_image = image.id;
    view.selected_annotation.reset();
    view.selected_level.clear();
    workspace.playback.playing = false;
    show_frame(workspace, std::min(image.frame, workspace.run()->info().frames - 1));
    show_picture_as(workspace, image.shown);
}

Result<void> select_key_image(Workspace& workspace, const Words& words) {
    const auto image = key_image_of(workspace, words);
    if (!image) {
        return tl::unexpected(image.error());
    }
    go_to(workspace, KeyImage(**image));
    return {};
}

// Round and round, in the order of the run.
Result<void> step_key_image(Workspace& workspace, const Words& words, int by) {
    auto all = workspace.run_review().key_images;
    if (all.empty()) {
        return words.wrong("there are no key images: make one" +
                           key_hint(workspace.keys, "key-image"));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const KeyImage& a, const KeyImage& b) { return a.frame < b.frame; });
    const auto selected = workspace.run_view().selected_key_image;
    const auto found = std::find_if(all.begin(), all.end(), [&](const KeyImage& image) {
        return selected && image.id == *selected;
    });
    const auto count = static_cast<int>(all.size());
    const int from = found != all.end() ? static_cast<int>(found - all.begin()) : by > 0 ? -1 : 0;
    go_to(workspace, all[static_cast<std::size_t>((from + by + count) % count)]);
    return {};
}

Result<void> set_note(Workspace& workspace, const Words& words) {
    const auto image = key_image_of(workspace, words);
    auto text = words.text(1, "the note");
    if (!image || !text) {
        return tl::unexpected(!image ? image.error() : text.error());
    }
    KeyImage changed = **image;
    changed.note = std::move(*text);
    // What is typed letter by letter is one step for undo.
    const auto merge = fmt::format("key-image-note-{}", changed.id);
    return record(workspace, EditKeyImage{workspace.run()->key(), std::move(changed)}, merge);
}

Result<void> delete_key_image(Workspace& workspace, const Words& words) {
    const auto image = key_image_of(workspace, words);
    if (!image) {
        return tl::unexpected(image.error());
    }
    const MarkId id = (*image)->id;
    if (workspace.run_view().selected_key_image == id) {
        workspace.run_view().selected_key_image.reset();
    }
    return record(workspace, RemoveKeyImage{workspace.run()->key(), id});
}

bool has_key_images(const Workspace& workspace) {
    return has_run(workspace) && !workspace.run_review().key_images.empty();
}

}  // namespace

void add_key_image_actions(ActionTable& table) {
    table.add({"key-image",
               "Key image: keep this frame as it is shown",
               "K",
               "[original|mask|subtracted|peak|variance|arrival]",
               Menu::marks,
               has_run,
               add_key_image,
               {}});
    table.add({"next-key-image",
               "Next key image",
               "Ctrl+K",
               "",
               Menu::marks,
               has_key_images,
               [](Workspace& w, const Words& words) { return step_key_image(w, words, 1); },
               {}});
    table.add({"previous-key-image",
               "Previous key image",
               "Ctrl+Shift+K",
               "",
               Menu::marks,
               has_key_images,
               [](Workspace& w, const Words& words) { return step_key_image(w, words, -1); },
               {}});
    table.add({"select-key-image",
               "Go to a key image",
               "",
               "NUMBER",
               Menu::none,
               has_run,
               select_key_image,
               {}});
    table.add({"key-image-note",
               "Write a key image's note",
               "",
               "NUMBER \"TEXT\"",
               Menu::none,
               has_run,
               set_note,
               {}});
    table.add({"delete-key-image",
               "Remove a key image",
               "",
               "NUMBER",
               Menu::none,
               has_run,
               delete_key_image,
               {}});
}

}  // namespace dsm::viewer
