// Tells a write-ahead log that ends in an unfinished change, as after a power cut, from one that is
// damaged before later changes. SQLite drops everything behind the first bad frame without a word.
// Layout: sqlite.org/fileformat2.html, section 4. Internal to this room.
#pragma once

#include <filesystem>
#include <span>

namespace dsm {

// True where a frame that ends a change lies behind one whose checksum fails. The very last change
// cannot be told from an unfinished one, and counts as that. An absent log is sound.
[[nodiscard]] bool is_damaged_log(const std::filesystem::path& log);
[[nodiscard]] bool is_damaged_log(std::span<const unsigned char> bytes);

}  // namespace dsm
