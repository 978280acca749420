#include "dsp/opacification/trace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <queue>

namespace dsm {

namespace {

struct Ridge {
    std::vector<cv::Point> pixels;
    float peak{0.0F};
};

// Eight neighbours and their distances.
constexpr std::array<std::array<int, 2>, 8> kNeighbours{
    {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {1, -1}, {-1, 1}, {-1, -1}}};

// A map of what is still to be traced: Z inside the ridge, 0 elsewhere.
class Crest {
 public:
    Crest(const Image<float>& z, TraceWork& work)
        : z_(z), work_(work), lent_(work.bytes.lend(z.extent())), free_(*lent_) {
        free_.fill(0);
    }

    void add(const std::vector<cv::Point>& pixels) {
        for (const cv::Point& p : pixels) {
            free_(p.x, p.y) = 1;
        }
    }
    void remove(const std::vector<cv::Point>& pixels) {
        for (const cv::Point& p : pixels) {
            free_(p.x, p.y) = 0;
        }
    }
    void remove_around(const std::vector<cv::Point>& path, int radius) {
        for (const cv::Point& p : path) {
            for (int y = std::max(0, p.y - radius); y <= std::min(z_.height() - 1, p.y + radius);
                 ++y) {
                for (int x = std::max(0, p.x - radius); x <= std::min(z_.width() - 1, p.x + radius);
                     ++x) {
                    free_(x, y) = 0;
                }
            }
        }
    }
    [[nodiscard]] bool free(const cv::Point& p) const { return free_(p.x, p.y) != 0; }

    // Cheapest path from `start` to the pixel farthest along (in length), cost 1 / Z per pixel
    // (Dijkstra), so that the path keeps to the crest.
    [[nodiscard]] std::vector<cv::Point> farthest_from(const cv::Point& start,
                                                       const std::vector<cv::Point>& within) const {
        struct Node {
            float cost;
            cv::Point at;
            bool operator<(const Node& other) const { return cost > other.cost; }
        };
        cv::Rect box = cv::boundingRect(within);
        const Extent extent{box.width, box.height};
        auto lent_cost = work_.numbers.lend(extent);
        auto lent_length = work_.numbers.lend(extent);
        auto lent_from = work_.bytes.lend(extent);
        (*lent_cost).fill(std::numeric_limits<float>::infinity());
        (*lent_length).fill(0.0F);
        const auto cost = (*lent_cost).pixels();
        const auto length = (*lent_length).pixels();
        const auto from = (*lent_from).pixels();
        const auto index = [&](const cv::Point& p) {
            return static_cast<std::size_t>((p.y - box.y) * box.width + (p.x - box.x));
        };
        std::priority_queue<Node> open;
        cost[index(start)] = 0.0F;
        open.push({0.0F, start});
        cv::Point farthest = start;
        while (!open.empty()) {
            const Node node = open.top();
            open.pop();
            if (node.cost > cost[index(node.at)]) {
                continue;
            }
            if (length[index(node.at)] > length[index(farthest)]) {
                farthest = node.at;
            }
            for (std::size_t n = 0; n < kNeighbours.size(); ++n) {
                const cv::Point next{node.at.x + kNeighbours[n][0], node.at.y + kNeighbours[n][1]};
                if (!box.contains(next) || !free(next)) {
                    continue;
                }
                const float step = n < 4 ? 1.0F : std::sqrt(2.0F);
                const float more = node.cost + step / std::max(0.1F, z_(next.x, next.y));
                if (more < cost[index(next)]) {
                    cost[index(next)] = more;
                    length[index(next)] = length[index(node.at)] + step;
                    from[index(next)] = static_cast<std::uint8_t>(n);
                    open.push({more, next});
                }
            }
        }
        std::vector<cv::Point> path{farthest};
        while (path.back() != start) {
            const std::size_t n = from[index(path.back())];
            path.emplace_back(path.back().x - kNeighbours[n][0], path.back().y - kNeighbours[n][1]);
        }
        std::reverse(path.begin(), path.end());
        return path;
    }

 private:
    const Image<float>& z_;
    TraceWork& work_;
    ImagePool<std::uint8_t>::Lent lent_;
    Image<std::uint8_t>& free_;
};

std::vector<Ridge> ridges(const Image<float>& z, const EvidenceMap& map, bool dark, const Sac& sac,
                          const WorkGrid& grid, float low, float high, TraceWork& work) {
    const Corridor& c = map.corridor;
    const double mm = grid.mm();
    auto lent_mask = work.bytes.lend(c.extent);
    auto lent_strongest = work.numbers.lend(c.extent);
    auto lent_labels = work.labels.lend(c.extent);
    cv::Mat mask(c.extent.height, c.extent.width, CV_8U, (*lent_mask).pixels().data());
    // A ridge also ends where it falls to a third of the strongest nearby: strong lines must not
    // grow together through their surroundings.
    const cv::Mat source(c.extent.height, c.extent.width, CV_32F,
                         const_cast<float*>(z.pixels().data()));
    cv::Mat strongest(c.extent.height, c.extent.width, CV_32F, (*lent_strongest).pixels().data());
    const int near = static_cast<int>(4.0 * map.line_width_px) | 1;
    cv::dilate(source, strongest, cv::getStructuringElement(cv::MORPH_RECT, {near, near}));
    for (int y = 0; y < c.extent.height; ++y) {
        for (int x = 0; x < c.extent.width; ++x) {
            // A bright ridge stands above the ground, a dark one below it: a valley between two
            // bright things is neither.
            const float value = map.difference(x, y) - map.ground(x, y);
            const Point at{static_cast<double>(c.x + x), static_cast<double>(c.y + y)};
            const bool inside = in_zone(map.zone, sac.outside(at), map.line_width_px, mm);
            mask.at<std::uint8_t>(y, x) =
                z(x, y) > std::max(low, 0.33F * strongest.at<float>(y, x)) &&
                        (dark ? value < 0.0F : value > 0.0F) && inside
                    ? 255
                    : 0;
        }
    }
    cv::morphologyEx(mask, mask, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
    cv::Mat labels(c.extent.height, c.extent.width, CV_32S, (*lent_labels).pixels().data());
    const int count = cv::connectedComponents(mask, labels, 8, CV_32S);
    std::vector<Ridge> all(static_cast<std::size_t>(count));
    for (int y = 0; y < c.extent.height; ++y) {
        for (int x = 0; x < c.extent.width; ++x) {
            const int label = labels.at<int>(y, x);
            if (label > 0) {
                Ridge& ridge = all[static_cast<std::size_t>(label)];
                ridge.pixels.emplace_back(x, y);
                ridge.peak = std::max(ridge.peak, z(x, y));
            }
        }
    }
    std::erase_if(all, [&](const Ridge& ridge) { return ridge.peak < high; });
    std::sort(all.begin(), all.end(),
              [](const Ridge& a, const Ridge& b) { return a.peak > b.peak; });
    return all;
}

std::vector<Point> smooth_path(const std::vector<cv::Point>& pixels, const Corridor& c,
                               double step) {
    std::vector<Point> path;
    const int count = static_cast<int>(pixels.size());
    for (int i = 0; i < count; ++i) {
        const int reach = std::min({3, i, count - 1 - i});
        Point sum{};
        for (int k = i - reach; k <= i + reach; ++k) {
            const cv::Point& p = pixels[static_cast<std::size_t>(k)];
            sum = sum + Point{static_cast<double>(p.x + c.x), static_cast<double>(p.y + c.y)};
        }
        path.push_back((1.0 / (2 * reach + 1)) * sum);
    }
    return resample(path, step);
}

}  // namespace

double path_length(const std::vector<Point>& path) {
    double sum = 0.0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        sum += distance(path[i - 1], path[i]);
    }
    return sum;
}

std::vector<Point> resample(const std::vector<Point>& path, double step) {
    if (path.size() < 2) {
        return path;
    }
    std::vector<Point> out{path.front()};
    double due = step;
    double along = 0.0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const double piece = distance(path[i - 1], path[i]);
        while (piece > 0.0 && along + piece >= due) {
            const double part = (due - along) / piece;
            out.push_back((1.0 - part) * path[i - 1] + part * path[i]);
            due += step;
        }
        along += piece;
    }
    if (distance(out.back(), path.back()) > 0.3 * step) {
        out.push_back(path.back());
    }
    return out;
}

std::vector<Trace> trace_lines(const EvidenceMap& map, const Sac& sac, const WorkGrid& grid,
                               bool dark, const TraceParams& params, TraceWork& work) {
    const Image<float>& z = dark ? map.dark : map.bright;
    const Corridor& c = map.corridor;
    std::vector<Trace> traces;
    Crest crest(z, work);
    const auto border = [&](const cv::Point& p) {
        return sac.outside({static_cast<double>(c.x + p.x), static_cast<double>(c.y + p.y)});
    };
    for (const Ridge& ridge : ridges(z, map, dark, sac, grid, params.low, params.high, work)) {
        std::vector<cv::Point> left = ridge.pixels;
        crest.add(left);
        for (int branch = 0; branch < 4 && !left.empty(); ++branch) {
            const cv::Point start = *std::min_element(
                left.begin(), left.end(),
                [&](const cv::Point& a, const cv::Point& b) { return border(a) < border(b); });
            std::vector<cv::Point> pixels = crest.farthest_from(start, left);
            // Where the nearest point to the sac lies midway (a band along the sac), go from end
            // to end instead.
            const std::vector<cv::Point> across = crest.farthest_from(pixels.back(), left);
            if (across.size() > pixels.size() * 5 / 4) {
                pixels = across;
            }
            if (border(pixels.back()) < border(pixels.front())) {
                std::reverse(pixels.begin(), pixels.end());
            }
            Trace trace;
            trace.path = smooth_path(pixels, c, std::max(1.0, 1.0 / grid.mm()));
            trace.length_mm = path_length(trace.path) * grid.mm();
            trace.area_mm2 = static_cast<double>(left.size()) * grid.mm() * grid.mm();
            trace.broad = map.broad;
            trace.zone = map.zone;
            std::vector<double> evidence;
            evidence.reserve(pixels.size());
            for (const cv::Point& p : pixels) {
                evidence.push_back(static_cast<double>(z(p.x, p.y)));
            }
            std::sort(evidence.begin(), evidence.end());
            trace.peak_evidence = evidence.back();
            trace.mean_evidence = std::accumulate(evidence.begin(), evidence.end(), 0.0) /
                                  static_cast<double>(evidence.size());
            trace.weak_evidence = evidence[evidence.size() / 4];
            const bool strong = trace.peak_evidence >= static_cast<double>(params.high);
            if (trace.length_mm >= params.shortest_mm && strong) {
                traces.push_back(std::move(trace));
            } else if (branch > 0 || !strong) {
                break;
            }
            crest.remove_around(pixels, std::max(1, static_cast<int>(map.line_width_px * 0.7)));
            std::erase_if(left, [&](const cv::Point& p) { return !crest.free(p); });
        }
        crest.remove(ridge.pixels);
    }
    std::sort(traces.begin(), traces.end(), [](const Trace& a, const Trace& b) {
        return a.mean_evidence * std::sqrt(a.length_mm) > b.mean_evidence * std::sqrt(b.length_mm);
    });
    if (static_cast<int>(traces.size()) > params.most) {
        traces.resize(static_cast<std::size_t>(params.most));
    }
    return traces;
}

}  // namespace dsm
