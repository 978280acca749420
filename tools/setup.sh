# Shared by tools/run and tools/test: packages and building. Sourced, not run.

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '== %s\n' "$*" >&2; }

give_up() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# install_packages GROUP...: what tools/packages lists for these groups and is not there yet.
install_packages() {
    local wanted=() missing=() group package
    for group in "$@"; do
        read -r -a wanted <<<"${wanted[*]} $(sed -n "s/^$group: //p" "$repository/tools/packages" | tr '\n' ' ')"
    done
    for package in "${wanted[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] && return 0
    command -v apt-get >/dev/null || give_up "needs a Debian or Ubuntu machine (apt-get), or these packages by hand: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || give_up "needs root to install packages; run as root, or install first: ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${#missing[@]} packages"
    "${as_root[@]}" apt-get update -q >&2 || say "the package lists could not be refreshed; going on with those here"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2 ||
        give_up "packages could not be installed; see the lines above"
    # The package starts an archive open to the network; the tests start one of their own.
    if [[ " ${missing[*]} " == *" orthanc "* ]] && command -v systemctl >/dev/null; then
        "${as_root[@]}" systemctl disable --now orthanc >&2 || say "the orthanc service could not be stopped; stop it by hand"
    fi
}

# build PRESET [cmake --build options]
build() {
    local preset="$1"
    shift
    say "building $preset"
    (cd "$repository" && cmake --preset "$preset" -Wno-dev >"build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; exit 1; }) ||
        give_up "configuring $preset failed"
    rm -f "$repository/build-$preset.log"
    (cd "$repository" && cmake --build --preset "$preset" "$@" >&2) || give_up "building $preset failed"
}
