#include "dsp/opacification/candidate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dsp/opacification/evidence.h"

namespace dsm {

namespace {

constexpr double kPieceMm = 4.0;
// A sleeve fills with the sac: within the front's passage, 1-3 s (clinical reference, section 4).
constexpr double kTogetherS = 2.0;
constexpr double kPieceSigmas = 4.0;  // a piece fainter than this has no onset of its own
constexpr double kShortestLateMm = 8.0;

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

int baseline_at(const History& history, const Sac& sac, Point at) {
    return std::max(1, baseline_slots(history, sac, static_cast<int>(std::lround(at.y))));
}

double arrival_at(const Sac& sac, Point at) {
    return sac.row(sac.nearest_filled(static_cast<int>(std::lround(at.y)))).arrival_s;
}

class Measurement {
 public:
    Measurement(const Trace& trace, int sign, const History& history, const Sac& sac,
                const WorkGrid& grid, const MeasureParams& params)
        : trace_(trace),
          sign_(sign),
          history_(history),
          sac_(sac),
          grid_(grid),
          params_(params),
          strips_(strips_of(trace, grid)) {}

    [[nodiscard]] std::optional<Candidate> run() {
        Candidate c;
        c.trace = trace_;
        c.sign = sign_;
        c.path = trace_.path;
        split(c);
        c.curve = follow_path(history_, sac_, c.path, strips_, sign_);
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

 private:
    [[nodiscard]] Step step_of(const PathCurve& curve, Point at) const {
        const int least =
            std::max(2, std::min(4, static_cast<int>(2.0 / params_.seconds_per_slot)));
        return find_step(curve.opacity, baseline_at(history_, sac_, at), least, curve.scatter);
    }

    [[nodiscard]] double slot_time(int slot) const {
        return history_.slot(std::clamp(slot, 0, history_.size() - 1)).time_s;
    }

    // Cuts off the proximal part that came with the sac: a vein may leave from a sleeve.
    void split(Candidate& c) {
        const std::size_t per_piece = std::max<std::size_t>(
            3, static_cast<std::size_t>(kPieceMm * static_cast<double>(trace_.path.size()) /
                                        std::max(kPieceMm, trace_.length_mm)));
        for (std::size_t i = 0; i + per_piece <= trace_.path.size(); i += per_piece) {
            Piece piece{i, i + per_piece, {}};
            const PathCurve curve =
                follow_path(history_, sac_, trace_.path, piece.first, piece.last, strips_, sign_);
            if (curve.measured) {
                piece.step = step_of(curve, trace_.path[i]);
            }
            pieces_.push_back(piece);
        }
        std::size_t cut = 0;
        for (const Piece& piece : pieces_) {
            const bool judged = piece.step.found && piece.step.sigmas > kPieceSigmas;
            const double delay =
                slot_time(piece.step.onset) - arrival_at(sac_, trace_.path[piece.first]);
            if (!judged || delay > kTogetherS) {
                break;
            }
            cut = piece.last;
        }
        const std::vector<Point> late(trace_.path.begin() + static_cast<std::ptrdiff_t>(cut),
                                      trace_.path.end());
        if (cut > 0 && path_length(late) * grid_.mm() >= kShortestLateMm) {
            c.early_path.assign(trace_.path.begin(),
                                trace_.path.begin() + static_cast<std::ptrdiff_t>(cut));
            c.path = late;
        }
    }

    void shape(Candidate& c) const {
        const double mm = grid_.mm();
        c.length_mm = path_length(c.path) * mm;
        const int reach = grid_.px(trace_.broad ? 9.0 : 5.0);
        std::vector<double> profile = profile_across(
            history_, c.path, c.step.from, baseline_at(history_, sac_, c.path.front()), reach);
        for (double& value : profile) {
            value *= sign_;
        }
        c.width_mm = width_of(profile) * mm;
        c.side_lobe =
            c.step.height > 0.0
                ? std::max(0.0, -*std::min_element(profile.begin(), profile.end())) / c.step.height
                : 0.0;
        c.border_mm = sac_.outside(trace_.path.front()) * mm;
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
        for (std::size_t i = 0; i < trace_.path.size(); i += 2) {
            for (std::size_t k = i; k < trace_.path.size(); k += 2) {
                c.extent_mm = std::max(c.extent_mm, distance(trace_.path[i], trace_.path[k]) * mm);
            }
        }
        c.elongation = c.length_mm / std::max(0.5, c.width_mm);
    }

    void time(Candidate& c) const {
        c.sac_arrival_s = arrival_at(sac_, trace_.path.front());
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
        c.growth = pairs > 0 ? static_cast<double>(agree) / pairs : 0.0;
        correlate(c);
    }

    // Residue follows the quality of the registration; contrast does not.
    void correlate(Candidate& c) const {
        double sx = 0.0, sy = 0.0, sxx = 0.0, syy = 0.0, sxy = 0.0;
        int n = 0;
        for (int i = 0; i < history_.size(); ++i) {
            const double model =
                i < c.step.onset ? c.step.baseline : c.step.baseline + c.step.height;
            const double x = c.curve.opacity[static_cast<std::size_t>(i)] - model;
            const double y = static_cast<double>(history_.slot(i).artefact_ratio);
            sx += x;
            sy += y;
            sxx += x * x;
            syy += y * y;
            sxy += x * y;
            ++n;
        }
        const double vx = sxx - sx * sx / n;
        const double vy = syy - sy * sy / n;
        c.artefact_correlation =
            n > 4 && vx > 0.0 && vy > 1e-6 ? (sxy - sx * sy / n) / std::sqrt(vx * vy) : 0.0;
    }

    const Trace& trace_;
    int sign_;
    const History& history_;
    const Sac& sac_;
    const WorkGrid& grid_;
    const MeasureParams& params_;
    StripWidths strips_;
    std::vector<Piece> pieces_;
};

}  // namespace

std::optional<Candidate> measure(const Trace& trace, int sign, const History& history,
                                 const Sac& sac, const WorkGrid& grid,
                                 const MeasureParams& params) {
    if (trace.path.size() < 3 || history.size() < 4) {
        return std::nullopt;
    }
    return Measurement(trace, sign, history, sac, grid, params).run();
}

}  // namespace dsm
