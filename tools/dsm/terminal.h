// What a command says to the person who ran it. Data goes to stdout, everything here to stderr.
#pragma once

#include <chrono>
#include <string>

#include "dsp/core/result.h"

namespace dsm::cli {

struct Terminal {
    bool quiet{false};
    bool verbose{false};
    bool log_json{false};

    // Sets up logging (spdlog to stderr) as the options ask.
    void start_logging() const;
    // "dsm: <subject>: <what>; <remedy>", one line; returns exit code 1.
    int report(const Error& error) const;
    // The same for something that went on all the same; silent when quiet.
    void warn(const Error& about) const;
    void detail(const Error& about) const;  // shown when verbose
    // Data to standard output, all of it or exit code 1 with the reason.
    int print(const std::string& text) const;
    int report_usage(const std::string& what) const;  // exit code 2
    void note(const std::string& line) const;         // silent when quiet
};

// A bar on a terminal, nothing in a pipe or when quiet.
class ProgressBar {
 public:
    ProgressBar(const Terminal& terminal, std::string title);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ProgressBar(ProgressBar&&) = delete;
    ProgressBar& operator=(ProgressBar&&) = delete;

    void show(double fraction);  // 0..1; redraws at most ten times a second
    void finish();               // clears the line

 private:
    bool visible_;
    std::string title_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace dsm::cli
