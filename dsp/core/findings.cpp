#include "dsp/core/findings.h"

#include <array>
#include <string_view>
#include <utility>

namespace dsm {
namespace {

template <class E>
using Word = std::pair<E, const char*>;

constexpr std::array kSides{Word<Side>{Side::left, "left"}, Word<Side>{Side::right, "right"},
                            Word<Side>{Side::undetermined, "undetermined"}};
constexpr std::array kKinds{Word<LeakKind>{LeakKind::csf_venous_fistula, "csf_venous_fistula"},
                            Word<LeakKind>{LeakKind::extravasation, "extravasation"},
                            Word<LeakKind>{LeakKind::diverticulum, "diverticulum"},
                            Word<LeakKind>{LeakKind::nerve_root_sleeve, "nerve_root_sleeve"},
                            Word<LeakKind>{LeakKind::renal_excretion, "renal_excretion"},
                            Word<LeakKind>{LeakKind::unclassified, "unclassified"}};
constexpr std::array kGrades{Word<Grade>{Grade::definite, "definite"},
                             Word<Grade>{Grade::high, "high"}, Word<Grade>{Grade::low, "low"}};
constexpr std::array kDrainages{Word<Drainage>{Drainage::paravertebral, "paravertebral"},
                                Word<Drainage>{Drainage::lateral, "lateral"},
                                Word<Drainage>{Drainage::central_epidural, "central_epidural"},
                                Word<Drainage>{Drainage::unknown, "unknown"}};
constexpr std::array kMethods{Word<RegistrationMethod>{RegistrationMethod::none, "none"},
                              Word<RegistrationMethod>{RegistrationMethod::shift, "shift"},
                              Word<RegistrationMethod>{RegistrationMethod::affine, "affine"},
                              Word<RegistrationMethod>{RegistrationMethod::mesh, "mesh"}};
constexpr std::array kQualities{
    Word<Quality>{Quality::good, "good"}, Word<Quality>{Quality::fair, "fair"},
    Word<Quality>{Quality::poor, "poor"}, Word<Quality>{Quality::failed, "failed"},
    Word<Quality>{Quality::no_mask, "no_mask"}};
constexpr std::array kCategories{Word<Category>{Category::positive, "positive"},
                                 Word<Category>{Category::negative, "negative"},
                                 Word<Category>{Category::indeterminate, "indeterminate"},
                                 Word<Category>{Category::inadequate, "inadequate"}};
constexpr std::array kLevelSources{Word<LevelSource>{LevelSource::operator_marked, "operator"},
                                   Word<LevelSource>{LevelSource::interpolated, "interpolated"},
                                   Word<LevelSource>{LevelSource::proposed, "proposed"}};

template <class Table, class E>
const char* word_of(const Table& table, E value) {
    for (const auto& [entry, word] : table) {
        if (entry == value) {
            return word;
        }
    }
    return "";
}

template <class E, class Table>
std::optional<E> value_of(const Table& table, std::string_view word) {
    for (const auto& [entry, text] : table) {
        if (word == text) {
            return entry;
        }
    }
    return std::nullopt;
}

}  // namespace

const char* to_string(Side v) {
    return word_of(kSides, v);
}
const char* to_string(LeakKind v) {
    return word_of(kKinds, v);
}
const char* to_string(Grade v) {
    return word_of(kGrades, v);
}
const char* to_string(Drainage v) {
    return word_of(kDrainages, v);
}
const char* to_string(RegistrationMethod v) {
    return word_of(kMethods, v);
}
const char* to_string(Quality v) {
    return word_of(kQualities, v);
}
const char* to_string(Category v) {
    return word_of(kCategories, v);
}
const char* to_string(LevelSource v) {
    return word_of(kLevelSources, v);
}

template <>
std::optional<Side> from_string<Side>(const std::string& word) {
    return value_of<Side>(kSides, word);
}
template <>
std::optional<LeakKind> from_string<LeakKind>(const std::string& word) {
    return value_of<LeakKind>(kKinds, word);
}
template <>
std::optional<Grade> from_string<Grade>(const std::string& word) {
    return value_of<Grade>(kGrades, word);
}
template <>
std::optional<Drainage> from_string<Drainage>(const std::string& word) {
    return value_of<Drainage>(kDrainages, word);
}
template <>
std::optional<RegistrationMethod> from_string<RegistrationMethod>(const std::string& word) {
    return value_of<RegistrationMethod>(kMethods, word);
}
template <>
std::optional<Quality> from_string<Quality>(const std::string& word) {
    return value_of<Quality>(kQualities, word);
}
template <>
std::optional<Category> from_string<Category>(const std::string& word) {
    return value_of<Category>(kCategories, word);
}
template <>
std::optional<LevelSource> from_string<LevelSource>(const std::string& word) {
    return value_of<LevelSource>(kLevelSources, word);
}

bool is_leak(LeakKind kind) {
    return kind == LeakKind::csf_venous_fistula || kind == LeakKind::extravasation;
}

}  // namespace dsm
