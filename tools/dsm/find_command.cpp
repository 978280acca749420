// `dsm find` and `dsm fetch`: what an archive holds, and getting it.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "dsp/dicom/network/archive_list.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/network_options.h"

namespace dsm::cli {
namespace {

constexpr const char* kArchive =
    "the archive, as AET@HOST:PORT, https://HOST/dicom-web, or by its name in archives.json";
const std::map<std::string, FindLevel> kLevels{
    {"study", FindLevel::study}, {"series", FindLevel::series}, {"image", FindLevel::image}};
const std::map<std::string, FetchMethod> kMethods{{"move", FetchMethod::move},
                                                  {"get", FetchMethod::get}};

struct FindOptions {
    std::string from;
    std::string level{"study"};
    bool as_json{false};
    NetworkOptions network;
    FindQuery query;
};

std::string of(const FindMatch& match, const char* key) {
    const auto found = match.find(key);
    return found == match.end() ? "-" : found->second;
}

// One line, tabs between; the UID to go on with comes last.
std::string as_text(const FindMatch& match, FindLevel level) {
    switch (level) {
        case FindLevel::study:
            return of(match, "StudyDate") + "\t" + of(match, "PatientID") + "\t" +
                   of(match, "PatientName") + "\t" + of(match, "ModalitiesInStudy") + "\t" +
                   of(match, "StudyDescription") + "\t" + of(match, "StudyInstanceUID") + "\n";
        case FindLevel::series:
            return of(match, "SeriesNumber") + "\t" + of(match, "Modality") + "\t" +
                   of(match, "SeriesDescription") + "\t" + of(match, "SeriesInstanceUID") + "\n";
        case FindLevel::image:
            break;
    }
    return of(match, "InstanceNumber") + "\t" + of(match, "NumberOfFrames") + "\t" +
           of(match, "SOPClassUID") + "\t" + of(match, "SOPInstanceUID") + "\n";
}

int run_find(const FindOptions& options, const Terminal& terminal) {
    const auto archive =
        archive_named(options.from, options.network, FetchMethod::move, archives_file());
    if (!archive) {
        return terminal.report_usage(archive.error().message());
    }
    FindQuery query = options.query;
    query.level = kLevels.at(options.level);
    const auto found = find_at(archive->address, archive->options, query);
    if (!found) {
        return terminal.report(found.error());
    }
    std::string lines;
    for (const FindMatch& match : *found) {
        lines +=
            options.as_json ? nlohmann::json(match).dump() + "\n" : as_text(match, query.level);
    }
    if (found->size() >= query.most) {
        terminal.warn({ErrorKind::invalid_input, name_of(archive->address),
                       "more than " + std::to_string(query.most) + " answers: only these are shown",
                       "restrict the question"});
    }
    return terminal.print(lines);
}

struct FetchOptions {
    std::string from;
    std::string method;  // as the archive has it, else move
    std::string folder;
    NetworkOptions network;
    FetchRequest request;
};

int run_fetch(const FetchOptions& options, const Terminal& terminal) {
    const auto archive =
        archive_named(options.from, options.network, FetchMethod::move, archives_file());
    if (!archive) {
        return terminal.report_usage(archive.error().message());
    }
    FetchRequest request = options.request;
    request.method = options.method.empty() ? archive->method : kMethods.at(options.method);
    request.folder = options.folder;
    ProgressBar bar(terminal, "fetching");
    request.on_progress = [&](std::size_t done, std::size_t all) {
        bar.show(static_cast<double>(done) / static_cast<double>(all));
    };
    const auto fetched = fetch_from(archive->address, archive->options, request);
    bar.finish();
    if (!fetched) {
        return terminal.report(fetched.error());
    }
    std::string lines;
    for (const auto& file : fetched->files) {
        lines += file.string() + "\n";
    }
    for (const std::string& problem : fetched->problems) {
        terminal.report({ErrorKind::io, name_of(archive->address), problem, ""});
    }
    if (fetched->missing > 0) {
        terminal.report({ErrorKind::io, name_of(archive->address),
                         std::to_string(fetched->missing) + " objects did not arrive",
                         "fetch again: what is there is kept"});
    }
    const int printed = terminal.print(lines);
    return fetched->missing > 0 ? 1 : printed;
}

}  // namespace

void add_find_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<FindOptions>();
    CLI::App* command = app.add_subcommand("find", "what an archive holds (C-FIND, QIDO-RS)");
    command->add_option("--from", options->from, kArchive)->required();
    command->add_option("--level", options->level, "what to list")
        ->check(CLI::IsMember({"study", "series", "image"}))
        ->capture_default_str();
    FindQuery& query = options->query;
    command->add_option("--patient", query.patient_name, "patient's name; * and ? stand for any");
    command->add_option("--id", query.patient_id, "patient's ID");
    command->add_option("--date", query.study_date, "study date, 20260301 or 20260101-20260331");
    command->add_option("--accession", query.accession_number, "accession number");
    command->add_option("--modality", query.modality, "XA, RF, ...");
    command->add_option("--study", query.study_uid, "Study Instance UID");
    command->add_option("--series", query.series_uid, "Series Instance UID");
    command->add_option("--instance", query.instance_uid, "SOP Instance UID");
    command->add_option("--most", query.most, "so many answers at most")->capture_default_str();
    command->add_flag("--json", options->as_json, "one JSON object a line, by DICOM keyword");
    add_network_options(*command, options->network);
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return run_find(*options, invocation.terminal); };
    });
}

void add_fetch_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<FetchOptions>();
    CLI::App* command = app.add_subcommand(
        "fetch", "studies, series or instances from an archive (C-MOVE, C-GET, WADO-RS)");
    command->add_option("--from", options->from, kArchive)->required();
    command->add_option("--study", options->request.study_uid, "Study Instance UID")->required();
    command->add_option("--series", options->request.series_uid, "this series alone");
    command->add_option("--instance", options->request.instance_uid, "this instance alone")
        ->needs("--series");
    command->add_option("--out", options->folder, "folder for the files")->required();
    command
        ->add_option(
            "--method", options->method,
            "move (usual): the archive, which has to know our title, sends to --port (C-MOVE); "
            "get: on the same connection (C-GET); of no matter to an https URL")
        ->check(CLI::IsMember({"move", "get"}));
    command->add_option("--port", options->request.port, "where C-MOVE sends to")
        ->check(CLI::Range(1, 65535))
        ->capture_default_str();
    command->add_option("--bind", options->request.bind, "address of that port")
        ->capture_default_str();
    add_network_options(*command, options->network);
    command->footer(
        "Prints the files. What is in the folder already is not fetched again, so that a fetch "
        "that broke\ngoes on where it was; no half file is ever left.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return run_fetch(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
