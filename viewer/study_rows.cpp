#include "viewer/study_rows.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "viewer/study/study.h"

namespace dsm::viewer {

namespace {

bool refused(const ListedRun& run) {
    return !run.refusal.empty();
}

auto patient_of(const ListedRun& run) {
    return std::tie(run.info.patient_name, run.info.patient_id);
}

bool same_patient(const ListedRun& a, const ListedRun& b) {
    return refused(a) == refused(b) && (refused(a) || patient_of(a) == patient_of(b));
}

// Without a UID, those of one day and description are one.
auto study_of(const ListedRun& run) {
    const bool has_uid = !run.info.study_instance_uid.empty();
    return std::tuple(run.info.study_date, run.info.study_instance_uid,
                      has_uid ? std::string() : run.info.study_description);
}

bool are_of_one_study(const ListedRun& a, const ListedRun& b) {
    return same_patient(a, b) && !refused(a) && study_of(a) == study_of(b);
}

auto series_of(const ListedRun& run) {
    return std::tuple(run.info.series_number, run.info.series_instance_uid);
}

bool are_of_one_series(const ListedRun& a, const ListedRun& b) {
    return are_of_one_study(a, b) && !a.info.series_instance_uid.empty() &&
           series_of(a) == series_of(b);
}

bool comes_before(const ListedRun& a, const ListedRun& b) {
    if (refused(a) != refused(b)) {
        return refused(b);
    }
    if (!same_patient(a, b)) {
        return patient_of(a) < patient_of(b);
    }
    if (!refused(a) && study_of(a) != study_of(b)) {
        return a.info.study_date != b.info.study_date ? a.info.study_date > b.info.study_date
                                                      : study_of(a) < study_of(b);
    }
    return std::tuple(series_of(a), a.info.acquired_s.value_or(0.0), a.info.instance_number,
                      a.info.file) < std::tuple(series_of(b), b.info.acquired_s.value_or(0.0),
                                                b.info.instance_number, b.info.file);
}

// How many from `at` on belong with it.
template <class Same>
std::size_t length_from(const std::vector<ListedRun>& runs, std::size_t at, const Same& same) {
    std::size_t end = at + 1;
    while (end < runs.size() && same(runs[at], runs[end])) {
        ++end;
    }
    return end - at;
}

std::string counted(std::size_t runs) {
    return runs == 1 ? "1 run" : fmt::format("{} runs", runs);
}

std::string patient_text(const ListedRun& run) {
    if (refused(run)) {
        return "Cannot be opened";
    }
    const auto name = shown_name(run.info.patient_name);
    const std::string text = name.empty() ? "Patient without a name" : name;
    return run.info.patient_id.empty() ? text : fmt::format("{}   {}", text, run.info.patient_id);
}

std::string study_text(const RunInfo& info) {
    const std::string date = info.study_date.empty() ? "Date unknown" : shown_date(info.study_date);
    const std::string time =
        info.study_time.size() >= 4
            ? fmt::format(" {}:{}", info.study_time.substr(0, 2), info.study_time.substr(2, 2))
            : "";
    return fmt::format("{}{}   {}", date, time, info.study_description);
}

std::string series_text(const RunInfo& info) {
    return fmt::format("Series {}   {}", info.series_number, info.series_description);
}

std::string run_detail(const ListedRun& run) {
    if (refused(run)) {
        return run.refusal;
    }
    const auto& info = run.info;
    std::string text = position_text(info.position);
    text += info.frames == 1 ? ", 1 frame" : fmt::format(", {} frames", info.frames);
    if (const auto rate = rate_text(info); !rate.empty()) {
        text += ", " + rate;
    }
    return text;
}

}  // namespace

std::string shown_name(std::string name) {
    name = name.substr(0, name.find('='));
    std::replace(name.begin(), name.end(), '^', ' ');
    name.erase(name.find_last_not_of(' ') + 1);
    return name;
}

std::string shown_date(const std::string& date) {
    return date.size() == 8 ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2)
                            : date;
}

std::optional<double> mean_rate(const RunInfo& info) {
    const auto& times = info.frame_time_s;
    if (times.size() < 2 || times.back() <= times.front()) {
        return std::nullopt;
    }
    return static_cast<double>(times.size() - 1) / (times.back() - times.front());
}

std::string rate_text(const RunInfo& info) {
    const auto rate = mean_rate(info);
    if (info.frames < 2 || !rate) {
        return info.frames < 2 ? "" : "rate unknown";
    }
    const auto& times = info.frame_time_s;
    const double step = 1.0 / *rate;
    constexpr double kMostDifference = 0.05;
    bool regular = true;
    for (std::size_t i = 1; i < times.size(); ++i) {
        regular = regular && std::abs(times[i] - times[i - 1] - step) <= kMostDifference * step;
    }
    return fmt::format("{:.3g} frames/s{}", *rate, regular ? "" : ", irregular");
}

void sort_runs(std::vector<ListedRun>& runs) {
    std::stable_sort(runs.begin(), runs.end(), comes_before);
}

std::vector<StudyRow> study_rows(const std::vector<ListedRun>& runs) {
    std::vector<StudyRow> rows;
    for (std::size_t at = 0; at < runs.size(); ++at) {
        const auto& run = runs[at];
        if (at == 0 || !same_patient(runs[at - 1], run)) {
            const auto count = length_from(runs, at, same_patient);
            rows.push_back({StudyRow::Kind::patient, patient_text(run), counted(count), at, count});
        }
        if (!refused(run) && (at == 0 || !are_of_one_study(runs[at - 1], run))) {
            const auto count = length_from(runs, at, are_of_one_study);
            rows.push_back(
                {StudyRow::Kind::study, study_text(run.info), counted(count), at, count});
        }
        if (at == 0 || !are_of_one_series(runs[at - 1], run)) {
            if (const auto count = length_from(runs, at, are_of_one_series); count > 1) {
                rows.push_back(
                    {StudyRow::Kind::series, series_text(run.info), counted(count), at, count});
            }
        }
        rows.push_back({StudyRow::Kind::run, short_name(run.info), run_detail(run), at, 1});
    }
    return rows;
}

std::vector<std::size_t> same_study(const std::vector<ListedRun>& runs, std::size_t at) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i == at || are_of_one_study(runs[i], runs[at])) {
            found.push_back(i);
        }
    }
    return found;
}

}  // namespace dsm::viewer
