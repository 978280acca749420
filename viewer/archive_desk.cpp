#include "viewer/archive_desk.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "dsp/core/scratch_folder.h"
#include "dsp/dicom/network/receiver.h"
#include "dsp/reading/export_objects.h"
#include "viewer/marks.h"
#include "viewer/open_runs.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

namespace fs = std::filesystem;

std::string of(const FindMatch& match, const char* key) {
    const auto found = match.find(key);
    return found == match.end() ? "" : found->second;
}

Result<void> may_begin(const ArchiveDesk& desk) {
    if (desk.job != nullptr) {
        return fail(ErrorKind::invalid_input, desk.job->title(), "is under way",
                    "wait for it or cancel it");
    }
    if (!desk.chosen) {
        return fail(ErrorKind::invalid_input, "archive", "none is chosen", "choose one first");
    }
    return {};
}

void begin(Workspace& workspace, std::string title, ArchiveJob::Work work) {
    ArchiveDesk& desk = workspace.archives;
    desk.failure.reset();
    desk.said.clear();
    desk.job = std::make_unique<ArchiveJob>(std::move(title), std::move(work), workspace.wake);
}

// Nothing received becomes a path but a hash.
Result<fs::path> folder_of_study(const std::string& study_uid) {
    const char* data = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    const bool has_data = data != nullptr && *data != '\0';
    if (!has_data && (home == nullptr || *home == '\0')) {
        return fail(ErrorKind::not_found, "HOME", "is not set", "name a folder for the study");
    }
    const fs::path base = has_data ? fs::path(data) : fs::path(home) / ".local" / "share";
    return base / "dsm" / "studies" / fs::path(file_name_of_instance(study_uid)).stem();
}

Result<ArchiveAnswer> answer_of_fetch(const FetchSummary& summary, const KnownArchive& archive,
                                      const fs::path& folder) {
    if (summary.files.empty() || summary.missing > 0) {
        const std::string why = summary.problems.empty() ? "" : ": " + summary.problems.front();
        return fail(ErrorKind::io, name_of(archive.address),
                    fmt::format("{} objects did not arrive{}", summary.missing, why),
                    "fetch again: what is there is kept");
    }
    return ArchiveAnswer{ArchiveAnswer::Kind::fetched,
                         {},
                         folder,
                         fmt::format("{} objects fetched from {}, {} of them were here already",
                                     summary.files.size(), archive.name, summary.already_there)};
}

// What was found in the run in front, once that is what the window shows.
Result<std::shared_ptr<const RunResult>> finished_result(const Workspace& workspace) {
    const RunSession* run = workspace.run();
    if (run == nullptr) {
        return fail(ErrorKind::invalid_input, "results", "there are none", "open a run first");
    }
    const std::string file = run->info().file.filename().string();
    if (findings_withheld(workspace)) {
        return fail(ErrorKind::invalid_input, file, "what was found is withheld while you read",
                    "reveal it first" + key_hint(workspace.keys, "reveal-highlights"));
    }
    const auto findings = shown_findings(workspace);
    const SubtractionJob* job = run->newest_job();
    if (findings == nullptr || findings->result == nullptr || job == nullptr || !job->finished() ||
        job->snapshot()->result != findings->result) {
        return fail(ErrorKind::invalid_input, file, "is still being processed",
                    "send when that is done");
    }
    return findings->result;
}

Result<ArchiveAnswer> answer_of_send(const Result<SendSummary>& sent, const KnownArchive& archive,
                                     std::size_t files) {
    if (!sent) {
        return tl::unexpected(sent.error());
    }
    if (!sent->failures.empty()) {
        Error error = sent->failures.front();
        error.what += fmt::format("; {} of {} were stored", sent->stored, files);
        return tl::unexpected(error);
    }
    return ArchiveAnswer{ArchiveAnswer::Kind::sent,
                         {},
                         {},
                         fmt::format("{} objects stored by {}", sent->stored, archive.name)};
}

void take_answer(Workspace& workspace, ArchiveAnswer answer) {
    ArchiveDesk& desk = workspace.archives;
    desk.said = answer.words;
    switch (answer.kind) {
        case ArchiveAnswer::Kind::found:
            desk.studies = std::move(answer.matches);
            desk.selected = desk.studies.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
            return;
        case ArchiveAnswer::Kind::fetched:
            workspace.view.archives_shown = false;
            if (auto opened = open_runs(workspace, answer.folder); !opened) {
                workspace.view.archives_shown = true;
                desk.failure = opened.error();
                workspace.requests.failure = opened.error();
            }
            return;
        case ArchiveAnswer::Kind::sent:
            workspace.say(answer.words);
    }
}

}  // namespace

void read_known_archives(Workspace& workspace) {
    ArchiveDesk& desk = workspace.archives;
    auto known = read_archives(archives_file());
    if (!known) {
        desk.failure = known.error();
        return;
    }
    const std::string before = desk.chosen ? desk.known[*desk.chosen].name : "";
    desk.known = std::move(*known);
    const auto at = std::find_if(desk.known.begin(), desk.known.end(),
                                 [&](const KnownArchive& each) { return each.name == before; });
    desk.chosen.reset();
    if (!desk.known.empty()) {
        desk.chosen =
            at == desk.known.end() ? 0 : static_cast<std::size_t>(at - desk.known.begin());
    }
}

Result<void> choose_archive(Workspace& workspace, const std::string& text) {
    ArchiveDesk& desk = workspace.archives;
    const auto found = std::find_if(desk.known.begin(), desk.known.end(),
                                    [&](const KnownArchive& each) { return each.name == text; });
    if (found == desk.known.end()) {
        auto named = archive_named(text, {}, FetchMethod::get, archives_file());
        if (!named) {
            return tl::unexpected(named.error());
        }
        desk.known.push_back(std::move(*named));
        desk.chosen = desk.known.size() - 1;
    } else {
        desk.chosen = static_cast<std::size_t>(found - desk.known.begin());
    }
    desk.studies.clear();
    desk.selected.reset();
    desk.failure.reset();
    desk.said.clear();
    return {};
}

Result<void> ask_archive(Workspace& workspace) {
    ArchiveDesk& desk = workspace.archives;
    if (auto may = may_begin(desk); !may) {
        return may;
    }
    desk.studies.clear();
    desk.selected.reset();
    FindQuery query = desk.question;
    query.level = FindLevel::study;
    query.most = 500;
    const KnownArchive archive = desk.known[*desk.chosen];
    begin(workspace, "Asking " + archive.name,
          [archive, query](const std::stop_token&,
                           const std::function<void(double)>&) -> Result<ArchiveAnswer> {
              auto found = find_at(archive.address, archive.options, query);
              if (!found) {
                  return tl::unexpected(found.error());
              }
              std::stable_sort(found->begin(), found->end(),
                               [](const FindMatch& a, const FindMatch& b) {
                                   return of(a, "StudyDate") + of(a, "StudyTime") >
                                          of(b, "StudyDate") + of(b, "StudyTime");
                               });
              std::string words = found->empty() ? "No study of that kind"
                                                 : fmt::format("{} studies", found->size());
              if (found->size() >= query.most) {
                  words += ", and more: restrict the question";
              }
              return ArchiveAnswer{ArchiveAnswer::Kind::found, std::move(*found), {}, words};
          });
    return {};
}

Result<void> fetch_study(Workspace& workspace, const std::optional<fs::path>& folder) {
    ArchiveDesk& desk = workspace.archives;
    if (auto may = may_begin(desk); !may) {
        return may;
    }
    if (!desk.selected) {
        return fail(ErrorKind::invalid_input, "study", "none is selected", "select one first");
    }
    const KnownArchive archive = desk.known[*desk.chosen];
    FetchRequest request;
    request.study_uid = of(desk.studies[*desk.selected], "StudyInstanceUID");
    // A receiver of our own would be a second process of a program with threads.
    request.method = FetchMethod::get;
    const auto place = folder ? Result<fs::path>(*folder) : folder_of_study(request.study_uid);
    if (!place) {
        return tl::unexpected(place.error());
    }
    request.folder = *place;
    begin(workspace, "Fetching from " + archive.name,
          [archive, request](
              const std::stop_token& stop,
              const std::function<void(double)>& on_progress) -> Result<ArchiveAnswer> {
              FetchRequest now = request;
              now.stop = stop;
              now.on_progress = [&](std::size_t done, std::size_t all) {
                  on_progress(static_cast<double>(done) / static_cast<double>(all));
              };
              const auto fetched = fetch_from(archive.address, archive.options, now);
              return fetched ? answer_of_fetch(*fetched, archive, now.folder)
                             : tl::unexpected(fetched.error());
          });
    return {};
}

Result<void> send_results(Workspace& workspace) {
    if (auto may = may_begin(workspace.archives); !may) {
        return may;
    }
    const auto result = finished_result(workspace);
    if (!result) {
        return tl::unexpected(result.error());
    }
    // Gone with its last owner: work can be copied.
    const auto scratch = std::make_shared<const ScratchFolder>("send");
    if (scratch->path().empty()) {
        return fail(ErrorKind::io, "temporary folder", "cannot be made", "check the disk");
    }
    const KnownArchive archive = workspace.archives.known[*workspace.archives.chosen];
    begin(
        workspace, "Sending to " + archive.name,
        [archive, result = *result, review = workspace.run_review(), scratch](
            const std::stop_token& stop,
            const std::function<void(double)>& on_progress) -> Result<ArchiveAnswer> {
            const fs::path place = scratch->path() / "objects";
            auto folder = ResultFolder::create(place);
            if (!folder) {
                return tl::unexpected(folder.error());
            }
            ExportRequest request;
            request.kinds = {ExportKind::gsps, ExportKind::sr, ExportKind::key};
            std::vector<Error> notes;
            const auto names =
                export_objects(request, *result, review, std::nullopt, nullptr, {}, *folder, notes);
            if (!names) {
                return tl::unexpected(names.error());
            }
            if (auto published = folder->publish(); !published) {
                return tl::unexpected(published.error());
            }
            std::vector<fs::path> files;
            for (const std::string& name : *names) {
                files.push_back(place / name);
            }
            SendOptions options;
            options.network = archive.options;
            options.stop = stop;
            options.on_progress = on_progress;
            return answer_of_send(send_to(archive.address, files, options), archive, files.size());
        });
    return {};
}

void give_up_archive_job(Workspace& workspace) {
    ArchiveDesk& desk = workspace.archives;
    if (desk.job != nullptr) {
        desk.job->request_stop();
        desk.said = desk.job->title() + ": cancelled";
        desk.leaving.push_back(std::move(desk.job));
    }
}

bool tend_archives(Workspace& workspace) {
    ArchiveDesk& desk = workspace.archives;
    std::erase_if(desk.leaving, [](const auto& job) { return job->outcome().has_value(); });
    auto outcome = desk.job == nullptr ? std::nullopt : desk.job->outcome();
    if (!outcome) {
        return false;
    }
    desk.job.reset();
    if (*outcome) {
        take_answer(workspace, std::move(**outcome));
    } else {
        desk.failure = outcome->error();
        workspace.requests.failure = outcome->error();
        if (!workspace.view.archives_shown) {
            workspace.complain(outcome->error().message());
        }
    }
    return true;
}

}  // namespace dsm::viewer
