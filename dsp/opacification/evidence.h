// Line evidence on opacity integrated over time: where, since the sac filled, has a line appeared?
//
// Temporal filter: mean of the last W frames less the mean of the frames before contrast reached
// that level of the sac. Its integral is zero, so whatever was there before contrast (a mask that
// does not quite fit, the mask's own noise) cancels, as in matched filtering of bolus curves
// (Riederer et al., Med Phys 1983;10:209). Noise: sigma sqrt(1/W + 1/B) for B baseline frames.
//
// What fills with the sac (its border, its scatter, root sleeves) grows with the sac's own curve
// S(t). The late evidence takes it away: with E the mean of the frames just after contrast reached
// that level, it is  (mean of W - before) - S_W / S_E (E - before),  which is zero for any curve
// proportional to S and keeps whatever came later.
//
// Normalisation: dark lines are motion and noise but never contrast. The local mean of the
// DARK line response therefore measures, from the run itself, how large a bright response residue
// causes there (a cell-averaging constant-false-alarm-rate detector whose reference cells are of
// the opposite sign; Finn and Johnson, RCA Review 1968;29:414). Evidence Z is the response over the
// larger of that and quantum noise. The same with signs exchanged gives decoys.
#pragma once

#include <array>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/image_pool.h"
#include "dsp/opacification/canal.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/line_filter.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// Coarse rectangle that lines are looked for in: the filled sac and 60 mm around it.
struct Corridor {
    int x{};
    int y{};
    Extent extent{};
    friend bool operator==(const Corridor&, const Corridor&) = default;
};

struct EvidenceMap {
    Corridor corridor;
    Image<float> difference;  // recent mean less baseline, sac erased
    Image<float> ground;      // what surrounds a place: local median of `difference`
    Image<float> noise;       // one standard deviation of `difference`, noise alone
    Image<float> bright;      // Z of bright lines
    Image<float> dark;        // Z of dark lines (decoys)
    Image<float> residue;     // local mean of dark responses, opacity
    double line_width_px{};   // of the scale
    bool broad{false};
    Zone zone{Zone::beside};
};

class Evidence {
 public:
    static constexpr double kCorridorMm = 60.0;
    static constexpr double kVeinMm = 2.2;  // one width serves 1-3 mm with little loss
    static constexpr double kVeinLengthMm = 8.0;
    static constexpr double kBandMm = 6.0;  // epidural spread
    static constexpr double kBandLengthMm = 18.0;
    static constexpr double kSacMarginMm = 2.5;  // blur of the sac's border

    Evidence(const WorkGrid& grid, Extent extent, LineFilter filter = line_response);

    // Evidence in slots [from, history.size()), for whatever came since contrast reached the level,
    // or (`late`) for what came later than the sac. The map is valid until the next call.
    const EvidenceMap& veins(const History& history, const Sac& sac, int from, bool late);
    // Lines over the sac and at its border, late: see canal.h.
    const EvidenceMap& canal(const History& history, const Sac& sac, int from);
    // Broad bands beside the sac, late.
    const EvidenceMap& bands(const History& history, const Sac& sac, int from);

 private:
    // Mean of some slots of each row, kept until the slots change.
    struct RowMeans {
        Image<float> mean;
        std::vector<int> from;
        std::vector<int> to;
        void update(const History& history, int y, int first, int last);
    };
    void locate(const History& history, const Sac& sac);
    void integrate(const History& history, const Sac& sac, int from, bool late);
    void difference_row(const History& history, const Sac& sac, int from, bool late, int row);
    void sac_row(const History& history, const Sac& sac, int from, int row);
    void erase_sac(const Sac& sac);
    void find_ground();
    void normalise(const Sac& sac, const LineScale& scale, double length_mm);
    const EvidenceMap& respond(const Sac& sac, const LineScale& scale, double length_mm);

    WorkGrid grid_;
    LineFilter filter_;
    EvidenceMap map_;
    ImagePool<float> pool_;
    LineResponse response_;
    RowMeans before_;         // contrast came
    RowMeans early_;          // just after it came
    Image<float> sac_early_;  // the latter less the former, in the corridor
};

// Slots [from, to) that show what fills together with the sac at that level.
struct EarlySlots {
    int from{0};
    int to{0};
};
[[nodiscard]] EarlySlots early_slots(const History& history, const SacRow& level);

// Last slot (exclusive) of the baseline of row y: before contrast reached that level, less one
// slot for the front's own width; 0 when there is none.
[[nodiscard]] int baseline_slots(const History& history, const Sac& sac, int y);

}  // namespace dsm
