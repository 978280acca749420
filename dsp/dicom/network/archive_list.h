// The archives a user knows by name: one file for the command line and the viewer.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/archive.h"

namespace dsm {

struct KnownArchive {
    std::string name;
    ArchiveAddress address;
    NetworkOptions options;
    FetchMethod method{FetchMethod::get};
};

// $XDG_CONFIG_HOME/dsm/archives.json, else ~/.config/dsm/archives.json; empty where there is
// neither.
[[nodiscard]] std::filesystem::path archives_file();

// {"archives": [{"name": "hospital", "address": "PACS@archive:104" or an https URL, ...}]}; beside
// these, all optional: "aet", "method" ("get", "move"), "tls" (true), "ca", "cert", "key",
// "key_password_file", "credentials" (files, from the folder of this one), "timeout_s". None where
// there is no such file. Errors name the file, the archive and the key.
[[nodiscard]] Result<std::vector<KnownArchive>> read_archives(const std::filesystem::path& file);

// An address with the options given, or an archive of the file by its name, whose own options then
// hold where those given are the usual ones.
[[nodiscard]] Result<KnownArchive> archive_named(const std::string& text,
                                                 const NetworkOptions& options, FetchMethod method,
                                                 const std::filesystem::path& file);

}  // namespace dsm
