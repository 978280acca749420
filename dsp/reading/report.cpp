#include "dsp/reading/report.h"

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/reading/sections.h"

namespace dsm {

Result<reading::Document> reading_report(const ReportRequest& request) {
    using namespace reading;
    auto findings = findings_section(request);
    if (!findings) {
        return tl::unexpected(findings.error());
    }
    auto key_images = key_images_section(request);
    if (!key_images) {
        return tl::unexpected(key_images.error());
    }
    auto pictures = pictures_section(request);
    if (!pictures) {
        return tl::unexpected(pictures.error());
    }
    Document report;
    report.title = "Digital subtraction myelography";
    report.subject = "Reading report, " + (request.result.run.file.empty()
                                               ? std::string("run")
                                               : request.result.run.file.filename().string());
    report.notice = kNotice;
    report.made = request.made.time_utc;
    const RunInfo& run = request.result.run;
    if (request.with_identity) {
        for (const std::string& part : {run.patient_name, run.patient_id}) {
            report.foot += part.empty() ? "" : part + ". ";
        }
    }
    report.foot += report.title + ". " + report.notice;
    report.sections = {examination_section(request), summary_section(request),
                       std::move(*findings)};
    if (!key_images->blocks.empty()) {
        report.sections.push_back(std::move(*key_images));
    }
    for (Section section :
         {coverage_section(request), limits_section(request), technique_section(request)}) {
        report.sections.push_back(std::move(section));
    }
    report.sections.push_back(std::move(*pictures));
    return report;
}

Result<void> write_report(const std::filesystem::path& file, const reading::Document& report) {
    const auto extension = file.extension();
    if (extension == ".html") {
        return write_file_atomically(file, report_html(report));
    }
    if (extension == ".txt") {
        return write_file_atomically(file, report_text(report));
    }
    if (extension == ".pdf") {
        return write_report_pdf(file, report);
    }
    return fail(ErrorKind::invalid_input, file.string(),
                "a report is written as .html, .pdf or .txt", "give it one of these names");
}

}  // namespace dsm
