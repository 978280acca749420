// The little of SQLite the journal needs, with its codes as errors of ours. Internal to this room.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "dsp/core/result.h"

namespace dsm {

struct SqliteClose {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct SqliteFinalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class SqliteStatement {
 public:
    explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}
    void bind(int index, std::int64_t value);
    void bind(int index, const std::string& value);
    // One step and, on anything but a row, a reset: SQLITE_ROW, SQLITE_DONE or an error code.
    int step();
    void reset() { sqlite3_reset(statement_.get()); }
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;

 private:
    std::unique_ptr<sqlite3_stmt, SqliteFinalize> statement_;
};

class SqliteFile {
 public:
    // Makes the file where it is absent. Nothing of it is read before the first statement.
    static Result<SqliteFile> open(const std::filesystem::path& file);
    Result<void> run(const std::string& sql);
    Result<SqliteStatement> prepare(const std::string& sql);
    // First column of the first row; 0 or empty where there is no row.
    Result<std::int64_t> integer_of(const std::string& sql);
    Result<std::string> text_of(const std::string& sql);
    // A failed call in words. ErrorKind::unreadable is damage; everything else is the machine's.
    [[nodiscard]] Error error(int code) const;
    [[nodiscard]] bool is_read_only() const {
        return sqlite3_db_readonly(database_.get(), "main") != 0;
    }

 private:
    SqliteFile(sqlite3* database, std::filesystem::path file)
        : database_(database), file_(std::move(file)) {}
    std::unique_ptr<sqlite3, SqliteClose> database_;
    std::filesystem::path file_;
};

}  // namespace dsm
