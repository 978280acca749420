#include "dsp/core/heap_tally.h"

#include <cerrno>
#include <cstdlib>

#include "dsp/core/sanitizers.h"

#if defined(__GLIBC__) && !defined(DSM_ADDRESS_SANITIZER) && !defined(DSM_THREAD_SANITIZER)
#define DSM_HEAP_TALLIED
#endif

#if defined(DSM_HEAP_TALLIED)

#include <atomic>

namespace {

constexpr std::size_t kSizes = std::tuple_size_v<decltype(dsm::HeapTally::pieces)>;

// Zero before anything runs: malloc is called before constructors are.
constinit std::array<std::atomic<std::uint64_t>, kSizes> pieces{};
constinit std::atomic<std::uint64_t> bytes_taken{0};

void* counted(void* piece, std::size_t bytes) {
    if (piece != nullptr) {
        const auto width = static_cast<std::size_t>(std::bit_width(bytes | 1U));
        pieces[std::min(width, kSizes) - 1].fetch_add(1, std::memory_order_relaxed);
        bytes_taken.fetch_add(bytes, std::memory_order_relaxed);
    }
    return piece;
}

}  // namespace

// The names glibc keeps for those who put themselves in front of its allocator.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* piece, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);

void* malloc(std::size_t bytes) {
    return counted(__libc_malloc(bytes), bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
    return counted(__libc_calloc(count, bytes), count * bytes);
}
void* realloc(void* piece, std::size_t bytes) {
    return counted(__libc_realloc(piece, bytes), bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
    return counted(__libc_memalign(alignment, bytes), bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
    return counted(__libc_memalign(alignment, bytes), bytes);
}
int posix_memalign(void** piece, std::size_t alignment, std::size_t bytes) {
    if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) {
        return EINVAL;
    }
    void* const found = counted(__libc_memalign(alignment, bytes), bytes);
    if (found == nullptr) {
        return ENOMEM;
    }
    *piece = found;
    return 0;
}
}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)

#endif

namespace dsm {

std::optional<HeapTally> heap_tally() {
#if defined(DSM_HEAP_TALLIED)
    HeapTally tally;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        tally.pieces[i] = ::pieces[i].load(std::memory_order_relaxed);
    }
    tally.bytes = bytes_taken.load(std::memory_order_relaxed);
    return tally;
#else
    return std::nullopt;
#endif
}

}  // namespace dsm
