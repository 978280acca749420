#include "tools/dsm/terminal.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace dsm::cli {
namespace {

// The inside of a JSON text; messages are one line already, so quotes and strokes remain.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

}  // namespace

void Terminal::start_logging() const {
    auto logger = spdlog::stderr_color_mt("dsm");
    spdlog::set_default_logger(logger);
    if (log_json) {
        spdlog::set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","text":"%v"})");
    } else {
        spdlog::set_pattern("dsm: %^%l%$: %v");
    }
    spdlog::set_level(verbose ? spdlog::level::debug
                              : (quiet ? spdlog::level::err : spdlog::level::warn));
}

int Terminal::report(const Error& error) const {
    if (log_json) {
        spdlog::error("{}", escaped(error.message()));
    } else {
        std::fprintf(stderr, "dsm: %s\n", error.message().c_str());
    }
    return 1;
}

void Terminal::warn(const Error& about) const {
    spdlog::warn("{}", log_json ? escaped(about.message()) : about.message());
}

void Terminal::detail(const Error& about) const {
    spdlog::debug("{}", log_json ? escaped(about.message()) : about.message());
}

int Terminal::print(const std::string& text) const {
    std::fputs(text.c_str(), stdout);
    if (std::fflush(stdout) != 0) {
        return report({ErrorKind::io, "standard output", "could not be written completely",
                       "check that the disk is not full"});
    }
    return 0;
}

int Terminal::report_usage(const std::string& what) const {
    std::fprintf(stderr, "dsm: %s; see 'dsm --help'\n", what.c_str());
    return 2;
}

void Terminal::note(const std::string& line) const {
    if (!quiet) {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
}

ProgressBar::ProgressBar(const Terminal& terminal, std::string title)
    : visible_(!terminal.quiet && !terminal.log_json && ::isatty(STDERR_FILENO) != 0),
      title_(std::move(title)),
      started_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
    finish();
}

void ProgressBar::show(double fraction) {
    if (!visible_) {
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (fraction < 1.0 && now - drawn_ < std::chrono::milliseconds(100)) {
        return;
    }
    drawn_ = now;
    constexpr int kWidth = 30;
    const double part = std::clamp(fraction, 0.0, 1.0);
    const int filled = static_cast<int>(part * kWidth);
    const double elapsed = std::chrono::duration<double>(now - started_).count();
    const double left = part > 0.02 ? elapsed * (1.0 - part) / part : 0.0;
    std::string bar(static_cast<std::size_t>(filled), '#');
    bar.resize(kWidth, '.');
    std::fprintf(stderr, "\r%s [%s] %3.0f %%  %3.0f s left ", title_.c_str(), bar.c_str(),
                 part * 100.0, left);
    std::fflush(stderr);
}

void ProgressBar::finish() {
    if (visible_ && drawn_ != std::chrono::steady_clock::time_point{}) {
        std::fprintf(stderr, "\r\033[K");
        std::fflush(stderr);
    }
    visible_ = false;
}

}  // namespace dsm::cli
