#include "viewer/study/study_scan.h"

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <utility>

#include "dsp/core/thumbnail.h"
#include "dsp/source/open_run.h"

namespace dsm::viewer {

namespace {

namespace fs = std::filesystem;

// Of the whole, for the headers: they are quick.
constexpr double kHeadersPart = 0.3;
// The window is woken this often at most.
constexpr std::chrono::milliseconds kNewsInterval{80};

class Pace {
 public:
    // True when it is time to tell again.
    bool due() {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < kNewsInterval) {
            return false;
        }
        last_ = now;
        return true;
    }

 private:
    std::chrono::steady_clock::time_point last_;
};

ListedRun header_of(const fs::path& file) {
    ListedRun listed;
    if (auto source = open_run(file)) {
        listed.info = (*source)->info();
        listed.info.intensity.to_linear.clear();
    } else {
        listed.refusal = source.error().message();
    }
    listed.info.file = file;
    return listed;
}

// From the middle of the run, else the first that can be read.
std::shared_ptr<const Image<std::uint8_t>> picture_of(const RunInfo& info) {
    auto source = open_run(info.file);
    if (!source) {
        return nullptr;
    }
    const auto& now = (*source)->info();
    Image<std::uint16_t> words(now.extent);
    for (const FrameIndex frame : {now.frames / 2, 0}) {
        if ((*source)->read(frame, words.view())) {
            return std::make_shared<const Image<std::uint8_t>>(
                thumbnail(words.cview(), now, kThumbnail_px));
        }
    }
    return nullptr;
}

}  // namespace

StudyScan::StudyScan(fs::path path, Wake wake)
    : path_(std::move(path)),
      news_(std::make_shared<News>()),
      job_(
          path_.string(),
          [path = path_, news = news_](const std::stop_token& stop,
                                       const std::function<void(double)>& on_progress) {
              return search(path, *news, stop, on_progress);
          },
          std::move(wake)) {}

std::vector<ListedRun> StudyScan::take_news() {
    const std::scoped_lock lock(news_->mutex);
    return std::exchange(news_->runs, {});
}

std::string StudyScan::progress() const {
    const std::scoped_lock lock(news_->mutex);
    return news_->progress;
}

Result<std::size_t> StudyScan::search(const fs::path& path, News& news, const std::stop_token& stop,
                                      const std::function<void(double)>& on_progress) {
    Pace pace;
    const auto tell = [&](const std::string& progress, double fraction) {
        {
            const std::scoped_lock lock(news.mutex);
            news.progress = progress;
        }
        on_progress(fraction);
    };
    const auto add = [&](ListedRun run) {
        const std::scoped_lock lock(news.mutex);
        news.runs.push_back(std::move(run));
    };
    const auto files =
        find_runs(path, {stop, [&](std::size_t count) {
                             if (pace.due()) {
                                 tell(fmt::format("Searching: {} files", count), 0.0);
                             }
                         }});
    if (!files) {
        return tl::unexpected(files.error());
    }
    const auto all = static_cast<double>(files->size());
    std::vector<ListedRun> shown;
    for (std::size_t i = 0; i < files->size() && !stop.stop_requested(); ++i) {
        ListedRun run = header_of((*files)[i]);
        add(run);
        if (run.refusal.empty()) {
            shown.push_back(std::move(run));
        }
        if (pace.due()) {
            tell(fmt::format("Reading headers: {} of {}", i + 1, files->size()),
                 kHeadersPart * static_cast<double>(i + 1) / all);
        }
    }
    for (std::size_t i = 0; i < shown.size() && !stop.stop_requested(); ++i) {
        shown[i].picture = picture_of(shown[i].info);
        add(shown[i]);
        if (pace.due()) {
            tell(fmt::format("Making pictures: {} of {}", i + 1, shown.size()),
                 kHeadersPart + (1.0 - kHeadersPart) * static_cast<double>(i + 1) /
                                    static_cast<double>(shown.size()));
        }
    }
    if (stop.stop_requested()) {
        return fail(ErrorKind::cancelled, path.string(), "the search was given up");
    }
    return files->size();
}

}  // namespace dsm::viewer
