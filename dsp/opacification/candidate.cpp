#include "dsp/opacification/candidate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "dsp/opacification/classify.h"
#include "dsp/opacification/evidence.h"

namespace dsm {

namespace {

constexpr double kPieceMm = 4.0;
constexpr double kPieceSigmas = 4.0;  // a piece fainter than this has no onset of its own
constexpr double kShortestLateMm = 8.0;
constexpr double kLeastChange_per_mm = 0.002;  // what noise leaves of an even mask
constexpr double kEndShare = 0.4;              // of its mean height, where a line is taken to end

struct Piece {
    std::size_t first;
    std::size_t last;
    Step step;
};

StripWidths strips_of(const Trace& trace, const WorkGrid& grid) {
    const double mm = grid.mm();
    return trace.broad ? StripWidths{4.0 / mm, 2.5 / mm, 3.0 / mm}
                       : StripWidths{1.6 / mm, 1.4 / mm, 2.0 / mm};
}

// Over the sac what fills with it has been taken away: the baseline reaches to where that was seen.
int baseline_at(const History& history, const Sac& sac, Zone zone, Point at) {
    const int y = static_cast<int>(std::lround(at.y));
    return std::max(1, zone == Zone::canal ? early_slots(history, sac.row(sac.nearest_filled(y))).to
                                           : baseline_slots(history, sac, y));
}

double arrival_at(const Sac& sac, Point at) {
    return sac.row(sac.nearest_filled(static_cast<int>(std::lround(at.y)))).arrival_s;
}

// The stretch [first, last) with the largest sum over the square root of its length: of evenly
// noisy values the one least likely to be noise.
struct Stretch {
    std::size_t first{0};
    std::size_t last{0};
    double mean{0.0};
};

Stretch strongest_stretch(const std::vector<double>& values) {
    constexpr std::size_t kLeast = 4;
    Stretch best{0, values.size(), 0.0};
    double most = 0.0;
    for (std::size_t a = 0; a < values.size(); ++a) {
        double sum = 0.0;
        for (std::size_t b = a; b < values.size(); ++b) {
            sum += values[b];
            const auto n = static_cast<double>(b - a + 1);
            if (b - a + 1 >= std::min(kLeast, values.size()) && sum / std::sqrt(n) > most) {
                most = sum / std::sqrt(n);
                best = {a, b + 1, sum / n};
            }
        }
    }
    return best;
}

// What is measured along, and from where: the same for every part of a trace.
struct Ground {
    const Trace& trace;
    int sign;
    const History& history;
    const Sac& sac;
    const WorkGrid& grid;
    const MeasureParams& params;
    const PathSamples& samples;  // of the whole trace
};

class Measurement {
 public:
    // Of the part of the trace from point `from` on.
    Measurement(const Ground& ground, std::size_t from)
        : trace_(ground.trace),
          sign_(ground.sign),
          history_(ground.history),
          sac_(ground.sac),
          grid_(ground.grid),
          params_(ground.params),
          samples_(ground.samples),
          from_(from) {}

    [[nodiscard]] std::optional<Candidate> run() {
        Candidate c;
        c.trace = trace_;
        c.sign = sign_;
        c.relative = params_.relative_opacity;
        if (!trim(c)) {
            return std::nullopt;
        }
        measure_pieces();
        if (trace_.zone == Zone::beside) {
            split(c);
        }
        c.curve = samples_.curve(path_first_, path_last_);
        if (!c.curve.measured) {
            return std::nullopt;
        }
        c.step = step_of(c.curve, c.path.front());
        if (!c.step.found) {
            return std::nullopt;
        }
        shape(c);
        time(c);
        return c;
    }

    // Where the measured line ends in the trace.
    [[nodiscard]] std::size_t end() const { return line_first_ + line_.size(); }

 private:
    [[nodiscard]] Step step_of(const PathCurve& curve, Point at) const {
        const int least =
            std::max(2, std::min(4, static_cast<int>(2.0 / params_.seconds_per_slot)));
        // A frame before contrast that fits badly just here must not set the ground.
        std::vector<double> opacity = curve.opacity;
        clip_outliers(std::span(opacity).first(
            std::min(opacity.size(), static_cast<std::size_t>(baseline(at)))));
        return find_step(opacity, curve.weights, baseline(at), least, curve.scatter);
    }

    [[nodiscard]] int baseline(Point at) const {
        return baseline_at(history_, sac_, trace_.zone, at);
    }

    [[nodiscard]] double slot_time(int slot) const {
        return history_.slot(std::clamp(slot, 0, history_.size() - 1)).time_s;
    }

    // A line filter answers up to half its length beyond the end of a line, and a ridge may run on
    // into noise: keeps the stretch that stands out most, and what of its ends still does.
    [[nodiscard]] bool trim(Candidate& c) {
        const PathCurve whole = samples_.curve(from_, trace_.path.size());
        if (!whole.measured) {
            return false;
        }
        const Step step = step_of(whole, trace_.path[from_]);
        if (!step.found) {
            return false;
        }
        std::vector<double> height(trace_.path.size() - from_, 0.0);
        for (std::size_t i = 0; i < height.size(); ++i) {
            const std::size_t at = from_ + i;
            height[i] = samples_.height(i > 0 ? at - 1 : at, at + 2, step.from, step.to,
                                        baseline(trace_.path[at]));
        }
        const Stretch best = strongest_stretch(height);
        const double enough = kEndShare * best.mean;
        std::size_t first = best.first;
        std::size_t last = best.last;
        while (first > 0 && height[first - 1] >= enough) {
            --first;
        }
        while (last < height.size() && height[last] >= enough) {
            ++last;
        }
        while (first + 3 < last && height[first] < enough) {
            ++first;
        }
        while (last > first + 3 && height[last - 1] < enough) {
            --last;
        }
        line_first_ = path_first_ = from_ + first;
        path_last_ = from_ + last;
        line_.assign(trace_.path.begin() + static_cast<std::ptrdiff_t>(path_first_),
                     trace_.path.begin() + static_cast<std::ptrdiff_t>(path_last_));
        c.path = line_;
        return best.mean > 0.0;
    }

    void measure_pieces() {
        const double whole_mm = path_length(line_) * grid_.mm();
        const std::size_t per_piece = std::max<std::size_t>(
            3, static_cast<std::size_t>(kPieceMm * static_cast<double>(line_.size()) /
                                        std::max(kPieceMm, whole_mm)));
        for (std::size_t i = 0; i + per_piece <= line_.size(); i += per_piece) {
            Piece piece{i, i + per_piece, {}};
            const PathCurve curve =
                samples_.curve(line_first_ + piece.first, line_first_ + piece.last);
            if (curve.measured) {
                piece.step = step_of(curve, line_[i]);
            }
            pieces_.push_back(piece);
        }
    }

    // Cuts off the proximal part that came with the sac: a vein may leave from a sleeve.
    void split(Candidate& c) {
        std::size_t cut = 0;
        for (const Piece& piece : pieces_) {
            const bool judged = piece.step.found && piece.step.sigmas > kPieceSigmas;
            const double delay = slot_time(piece.step.onset) - arrival_at(sac_, line_[piece.first]);
            if (!judged || delay > kTogetherS) {
                break;
            }
            cut = piece.last;
        }
        const std::vector<Point> late(line_.begin() + static_cast<std::ptrdiff_t>(cut),
                                      line_.end());
        if (cut > 0 && path_length(late) * grid_.mm() >= kShortestLateMm) {
            c.early_path.assign(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(cut));
            c.path = late;
            path_first_ = line_first_ + cut;
        }
    }

    void shape(Candidate& c) const {
        const double mm = grid_.mm();
        c.length_mm = path_length(c.path) * mm;
        if (trace_.zone == Zone::beside) {
            across(c);
        }
        c.border_mm = sac_.outside(line_.front()) * mm;
        double along = 0.0;
        double total = 0.0;
        for (std::size_t i = 0; i < c.path.size(); ++i) {
            c.reach_mm = std::max(c.reach_mm, sac_.outside(c.path[i]) * mm);
            if (i > 0) {
                const Point step = c.path[i] - c.path[i - 1];
                along += std::abs(step.y) > 2.0 * std::abs(step.x) ? length(step) : 0.0;
                total += length(step);
            }
        }
        c.parallel = total > 0.0 ? along / total : 0.0;
        for (std::size_t i = 0; i < line_.size(); i += 2) {
            for (std::size_t k = i; k < line_.size(); k += 2) {
                c.extent_mm = std::max(c.extent_mm, distance(line_[i], line_[k]) * mm);
            }
        }
        c.elongation = c.length_mm / std::max(0.5, c.width_mm);
    }

    // Width and flanks; over the sac its own profile hides both.
    void across(Candidate& c) const {
        const int reach = grid_.px(trace_.broad ? 9.0 : 5.0);
        std::vector<double> profile =
            profile_across(history_, c.path, c.step.from, baseline(c.path.front()), reach);
        for (double& value : profile) {
            value *= sign_;
        }
        c.width_mm = width_of(profile) * grid_.mm();
        // Against the profile's ends, so that glow from the sac does not count.
        const double ends = 0.25 * (profile[0] + profile[1] + profile[profile.size() - 1] +
                                    profile[profile.size() - 2]);
        const double lowest = *std::min_element(profile.begin(), profile.end());
        c.side_lobe = c.step.height > 0.0 ? (ends - lowest) / c.step.height : 0.0;
    }

    void time(Candidate& c) const {
        c.sac_arrival_s = arrival_at(sac_, line_.front());
        c.delay_s = slot_time(c.step.onset) - c.sac_arrival_s;
        // Growth: do later pieces come later? Pairs in order less pairs out of order.
        int agree = 0;
        int pairs = 0;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            for (std::size_t k = i + 1; k < pieces_.size(); ++k) {
                if (pieces_[i].step.sigmas > kPieceSigmas &&
                    pieces_[k].step.sigmas > kPieceSigmas) {
                    const int gap = pieces_[k].step.onset - pieces_[i].step.onset;
                    agree += gap > 0 ? 1 : (gap < 0 ? -1 : 0);
                    ++pairs;
                }
            }
        }
        c.began = where_it_began();
        c.growth = pairs > 0 ? static_cast<double>(agree) / pairs : 0.0;
        const SacRow& beside =
            sac_.row(sac_.nearest_filled(static_cast<int>(std::lround(line_.front().y))));
        c.of_sac = c.step.height / std::max(1e-6, beside.opacity);
        continuity(c);
        compare_with_sac(c);
        disturbance(c);
        unrest(c);
        course(c);
        club(c);
        c.stem_mm = path_length(c.early_path) * grid_.mm();
        with_breathing(c);
        if (params_.anatomy != nullptr) {
            if (const auto change = params_.anatomy->change_across(c.path, grid_.mm())) {
                c.slip_mm = c.step.height / std::max(*change, kLeastChange_per_mm);
            }
        }
    }

    // The middle of the pieces that came first, one slot counting as the same time; what came with
    // the sac is a sleeve that the line crosses.
    [[nodiscard]] Point where_it_began() const {
        const auto counts = [&](const Piece& piece) {
            const double delay = slot_time(piece.step.onset) - arrival_at(sac_, line_[piece.first]);
            return piece.step.sigmas > kPieceSigmas && delay > kTogetherS;
        };
        int first = history_.size();
        for (const Piece& piece : pieces_) {
            first = counts(piece) ? std::min(first, piece.step.onset) : first;
        }
        std::vector<std::size_t> early;
        for (const Piece& piece : pieces_) {
            if (counts(piece) && piece.step.onset <= first + 1) {
                early.push_back((piece.first + piece.last) / 2);
            }
        }
        return line_[early.empty() ? line_.size() / 2 : early[early.size() / 2]];
    }

    // Contrast stays once it has come and was not there before; residue comes and goes.
    void course(Candidate& c) const {
        std::vector<double> before;
        std::vector<double> after;
        for (std::size_t i = 0; i < c.curve.opacity.size(); ++i) {
            const double off = c.curve.opacity[i] - c.step.baseline;
            const int slot = static_cast<int>(i);
            if (slot < c.step.onset - 1) {
                before.push_back(std::abs(off) / c.step.height);
            } else if (slot >= c.step.from) {
                after.push_back(off / c.step.height);
            }
        }
        if (!before.empty()) {
            const auto most = before.begin() + static_cast<std::ptrdiff_t>(before.size() * 9 / 10);
            std::nth_element(before.begin(), most, before.end());
            c.before = *most;
        }
        if (!after.empty()) {
            const auto tenth = after.begin() + static_cast<std::ptrdiff_t>(after.size() / 10);
            std::nth_element(after.begin(), tenth, after.end());
            c.persistence = *tenth;
        }
    }

    // A pocket at the end of a sleeve is denser than the sleeve; a vein is not denser than before.
    void club(Candidate& c) const {
        const std::size_t middle = line_first_ + line_.size() / 2;
        const int base = baseline(line_.front());
        const double near = samples_.height(line_first_, middle, c.step.from, c.step.to, base);
        const double far =
            samples_.height(middle, line_first_ + line_.size(), c.step.from, c.step.to, base);
        const double least = 0.1 * c.step.height;
        c.club = std::log2(std::max(far, least) / std::max(near, least));
    }

    // Contrast is not there before it comes; residue is.
    void unrest(Candidate& c) const {
        const int base = std::min(baseline(c.path.front()), c.step.onset);
        double square = 0.0;
        double weight = 0.0;
        for (int i = 0; i < base; ++i) {
            const auto k = static_cast<std::size_t>(i);
            const double off = c.curve.opacity[k] - c.step.baseline;
            square += c.curve.weights[k] * off * off;
            weight += 1.0;
        }
        if (weight >= 3.0 && c.curve.noise > 0.0) {
            c.unrest = 0.5 * std::log2(std::max(
                                 0.25, square / (weight - 1.0) / (c.curve.noise * c.curve.noise)));
        }
    }

    // Least squares of what the step leaves on both parts of the displacement, less what chance
    // would explain.
    void with_breathing(Candidate& c) const {
        double xx = 0.0, xy = 0.0, yy = 0.0, xv = 0.0, yv = 0.0, vv = 0.0;
        Point mean{};
        double weights = 0.0;
        const int size = std::min(history_.size(), static_cast<int>(c.curve.opacity.size()));
        for (int i = 0; i < size; ++i) {
            const double w = c.curve.weights[static_cast<std::size_t>(i)];
            mean = mean + w * history_.slot(i).moved_px;
            weights += w;
        }
        if (size < 8 || !(weights > 0.0)) {
            return;
        }
        mean = (1.0 / weights) * mean;
        for (int i = 0; i < size; ++i) {
            const auto k = static_cast<std::size_t>(i);
            const double w = c.curve.weights[k];
            const Point m = history_.slot(i).moved_px - mean;
            const double left = c.curve.opacity[k] - c.step.baseline -
                                (i >= c.step.onset && i < c.step.to ? c.step.height : 0.0);
            xx += w * m.x * m.x;
            xy += w * m.x * m.y;
            yy += w * m.y * m.y;
            xv += w * m.x * left;
            yv += w * m.y * left;
            vv += w * left * left;
        }
        const double determinant = xx * yy - xy * xy;
        if (determinant <= 1e-9 * xx * yy || !(vv > 0.0)) {
            return;
        }
        const double explained = (yy * xv * xv - 2.0 * xy * xv * yv + xx * yv * yv) / determinant;
        c.with_breathing = std::clamp(explained / vv - 2.0 / size, 0.0, 1.0);
    }

    void continuity(Candidate& c) const {
        std::vector<double> heights;
        for (const Piece& piece : pieces_) {
            heights.push_back(piece.step.found ? piece.step.height : 0.0);
        }
        if (heights.empty()) {
            return;
        }
        std::vector<double> sorted = heights;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        const auto strong = std::count_if(heights.begin(), heights.end(),
                                          [&](double h) { return h > *middle / 3.0; });
        c.continuity = static_cast<double>(strong) / static_cast<double>(heights.size());
    }

    // Residual sums of squares of two models with one free height: the sac's own curve at that
    // level, and a step at the onset found.
    void compare_with_sac(Candidate& c) const {
        const SacRow& row =
            sac_.row(sac_.nearest_filled(static_cast<int>(std::lround(c.path.front().y))));
        double ss = 0.0, sc = 0.0, cc = 0.0, left = 0.0;
        const int size = std::min(history_.size(), static_cast<int>(row.curve.size()));
        for (int i = 0; i < size; ++i) {
            const double sac = static_cast<double>(row.curve[static_cast<std::size_t>(i)]);
            const double value = c.curve.opacity[static_cast<std::size_t>(i)] - c.step.baseline;
            const double model = i < c.step.onset ? 0.0 : c.step.height;
            const double w = c.curve.weights[static_cast<std::size_t>(i)];
            ss += w * sac * sac;
            sc += w * sac * value;
            cc += w * value * value;
            left += i < c.step.to ? w * (value - model) * (value - model) : 0.0;
        }
        if (ss > 0.0 && cc > 0.0) {
            const double by_sac = cc - sc * sc / ss;
            c.own_time = std::clamp((by_sac - left) / (by_sac + left + 1e-12), -1.0, 1.0);
        }
    }

    // Residue comes when the registration gets worse; contrast does not wait for that.
    void disturbance(Candidate& c) const {
        const auto mean_ratio = [&](int from, int to) {
            double sum = 0.0;
            int count = 0;
            for (int i = std::max(0, from); i < std::min(to, history_.size()); ++i) {
                sum += static_cast<double>(history_.slot(i).artefact_ratio);
                ++count;
            }
            return count > 0 ? sum / count : 1.0;
        };
        const double before = mean_ratio(c.step.onset - 6, c.step.onset - 1);
        const double after = mean_ratio(c.step.onset, c.step.onset + 4);
        c.disturbance = std::log2(std::max(1.0, after) / std::max(1.0, before));
    }

    const Trace& trace_;
    int sign_;
    const History& history_;
    const Sac& sac_;
    const WorkGrid& grid_;
    const MeasureParams& params_;
    const PathSamples& samples_;
    std::size_t from_;
    std::vector<Point> line_;  // the trace, trimmed
    // Where in the trace the trimmed line, and what of it came late, begin and end.
    std::size_t line_first_{0};
    std::size_t path_first_{0};
    std::size_t path_last_{0};
    std::vector<Piece> pieces_;
};

// A sleeve is denser than the vein that leaves from it, so that of both in one trace the sleeve
// stands out most: what goes on beyond it is looked at for itself.
std::optional<Candidate> beyond_sleeve(const Ground& ground, const Candidate& sleeve,
                                       std::size_t from) {
    const std::vector<Point>& path = ground.trace.path;
    const std::vector<Point> rest(path.begin() + static_cast<std::ptrdiff_t>(from), path.end());
    if (rest.size() < 4 || path_length(rest) * ground.grid.mm() < kShortestLateMm) {
        return std::nullopt;
    }
    auto vein = Measurement(ground, from).run();
    if (!vein || vein->delay_s <= kTogetherS || vein->step.sigmas < kPieceSigmas ||
        vein->step.height > sleeve.step.height || vein->length_mm < kShortestLateMm) {
        return std::nullopt;
    }
    for (const auto* part : {&sleeve.path, &sleeve.early_path}) {
        vein->early_path.insert(vein->early_path.begin(), part->begin(), part->end());
    }
    vein->stem_mm = path_length(vein->early_path) * ground.grid.mm();
    vein->border_mm = sleeve.border_mm;
    return vein;
}

}  // namespace

std::optional<Candidate> measure(const Trace& trace, int sign, const History& history,
                                 const Sac& sac, const WorkGrid& grid,
                                 const MeasureParams& params) {
    if (trace.path.size() < 3 || history.size() < 4) {
        return std::nullopt;
    }
    const PathSamples samples(history, sac, trace.path, strips_of(trace, grid), sign, trace.zone,
                              grid.mm());
    const Ground ground{trace, sign, history, sac, grid, params, samples};
    Measurement whole(ground, 0);
    auto first = whole.run();
    const LeakKind kind = first ? kind_of(*first) : LeakKind::unclassified;
    if (kind == LeakKind::nerve_root_sleeve || kind == LeakKind::diverticulum) {
        auto beyond = beyond_sleeve(ground, *first, whole.end());
        return beyond ? beyond : first;
    }
    return first;
}

}  // namespace dsm
