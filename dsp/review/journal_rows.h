// The rows of a journal file: its layout, reading them with their checks, adding one.
// Internal to this room.
//
// meta(key, value): 'study'.
// step(seq, at, body, chain): seq from 1 without a gap; at, when (UTC); body, a Step as JSON;
// chain, a checksum over this row and all before it, because SQLite itself does not notice a
// changed byte. run(sop_instance_uid, file).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dsp/review/history.h"
#include "dsp/review/sqlite.h"

namespace dsm {

// FNV-1a, 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv): finds damage, not forgery.
[[nodiscard]] std::uint64_t fnv1a(std::string_view bytes,
                                  std::uint64_t from = 0xCBF29CE484222325ULL);

struct JournalRow {
    std::string at;
    std::string body;
    friend bool operator==(const JournalRow&, const JournalRow&) = default;
};

struct JournalContent {
    std::string study;
    std::vector<JournalRow> rows;  // that were accepted, from the first
    std::map<std::string, std::filesystem::path> run_files;
    std::string damage;  // empty: the file is sound and the rows are all there are
};

// Takes one step into account; an error ends the reading there.
using AcceptStep = std::function<Result<void>(const Step&)>;

Result<void> make_tables(SqliteFile&, const std::string& study);
// An error only where the file is sound but not for this program: a later version, or the machine's
// trouble. Damage is in JournalContent::damage, with the rows before it.
[[nodiscard]] Result<JournalContent> read_journal(SqliteFile&, const AcceptStep&);

class RowWriter {
 public:
    static Result<RowWriter> make(SqliteFile&, const std::vector<JournalRow>& rows_so_far);
    Result<void> append(SqliteFile&, const JournalRow&);

 private:
    explicit RowWriter(SqliteStatement insert) : insert_(std::move(insert)) {}
    SqliteStatement insert_;
    std::int64_t next_seq_{1};
    std::uint64_t chain_{0};
};
[[nodiscard]] Result<std::string> utc_now(SqliteFile&);  // ISO 8601 with milliseconds

}  // namespace dsm
