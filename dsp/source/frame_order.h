// Frames that arrive out of order, handed out in order of their number: at once when it is a
// frame's turn, and after waiting for those before it as long as patience lasts.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace dsm {

// Times are seconds of one clock, which the caller reads. Not thread-safe.
template <class T>
class FrameOrder {
 public:
    struct Turn {
        T item;
        // Numbers between the one before and this that did not come in time; nothing where they are
        // so far apart that they do not count frames.
        std::optional<int> missing{0};
    };

    static constexpr int kMostMissing = 10'000;

    explicit FrameOrder(double patience_s) : patience_s_(patience_s) {}

    // Frames without a number go in the order they come. False: its number has had its turn, or
    // another frame with that number waits; nothing is taken of it then.
    [[nodiscard]] bool add(std::optional<int> number, T item, double now_s) {
        if (!number) {
            plain_.push_back(std::move(item));
            return true;
        }
        if (next_ && *number < *next_) {
            return false;
        }
        return waiting_.try_emplace(*number, Waiting{std::move(item), now_s}).second;
    }

    // Whose turn it is; nothing as yet, or nothing at all. `no_more`: no other will come.
    [[nodiscard]] std::optional<Turn> next(double now_s, bool no_more = false) {
        if (!plain_.empty()) {
            Turn turn{std::move(plain_.front())};
            plain_.pop_front();
            return turn;
        }
        if (waiting_.empty()) {
            return std::nullopt;
        }
        const auto first = waiting_.begin();
        const std::int64_t number = first->first;
        // Numbers begin with 0 or 1; a series joined in its middle begins with what there is.
        const bool turn_now = next_ ? number == *next_ : number == 0 || number == 1;
        if (!turn_now && !no_more && waiting_.size() < kMostWaiting && waits_still(now_s)) {
            return std::nullopt;
        }
        Turn turn{std::move(first->second.item)};
        if (const std::int64_t missing = next_ ? number - *next_ : 0; missing <= kMostMissing) {
            turn.missing = static_cast<int>(missing);
        } else {
            turn.missing.reset();
        }
        next_ = number + 1;
        waiting_.erase(first);
        return turn;
    }

    [[nodiscard]] bool empty() const { return plain_.empty() && waiting_.empty(); }

 private:
    static constexpr std::size_t kMostWaiting = 512;
    struct Waiting {
        T item;
        double since_s{0.0};
    };
    // Whether what has waited longest has not waited long enough.
    [[nodiscard]] bool waits_still(double now_s) const {
        double oldest_s = now_s;
        for (const auto& [number, each] : waiting_) {
            oldest_s = each.since_s < oldest_s ? each.since_s : oldest_s;
        }
        return now_s - oldest_s < patience_s_;
    }

    double patience_s_;
    std::deque<T> plain_;
    std::map<int, Waiting> waiting_;
    std::optional<std::int64_t> next_;
};

}  // namespace dsm
