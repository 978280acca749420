#include <catch2/catch.hpp>

#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

constexpr Tag kRelationship{0x0028, 0x1040};
constexpr Tag kSign{0x0028, 0x1041};
constexpr Tag kLut{0x0028, 0x3000};

RunInfo intensity_of(MadeRun& run, const PixelFormat& format = {},
                     const std::string& modality = "XA") {
    RunInfo info = MadeRun::empty_info();
    info.modality = modality;
    read_intensity(run.data(), format, info);
    return info;
}

void set_lut(MadeRun& run, const std::string& descriptor, const std::vector<Uint16>& values) {
    DcmItem& lut = run.item(run.data(), kLut);
    lut.putAndInsertString(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor.c_str());
    lut.putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_US), values.data(), values.size());
}

}  // namespace

TEST_CASE("the relationship and what is not known of it") {
    MadeRun run;
    CHECK(intensity_of(run).intensity.relationship == PixelIntensityRelationship::linear);
    run.set(kRelationship, "LOG");
    CHECK(warned(intensity_of(run), "LOG without Modality LUT"));
    run.set(kRelationship, "DISP");
    CHECK(intensity_of(run).intensity.relationship == PixelIntensityRelationship::display);
    run.set(kRelationship, "OTHER");
    CHECK(intensity_of(run).intensity.relationship == PixelIntensityRelationship::unknown);
    CHECK(warned(intensity_of(run), "law unknown"));
    run.remove(kRelationship);
    CHECK(warned(intensity_of(run), "(0028,1040) absent"));
}

TEST_CASE("a declared sign is used, a missing one is inferred and said so") {
    MadeRun run;
    PixelFormat inverted;
    inverted.monochrome1 = true;
    CHECK(intensity_of(run).intensity.sign == +1);
    CHECK(intensity_of(run).intensity.sign_source.find("inferred from MONOCHROME2") == 0);
    CHECK(intensity_of(run, inverted).intensity.sign == -1);
    // Radiographs show much radiation black.
    CHECK(intensity_of(run, {}, "DX").intensity.sign == -1);
    CHECK(intensity_of(run, inverted, "CR").intensity.sign == +1);
    run.set(kSign, "-1");
    CHECK(intensity_of(run).intensity.sign == -1);
    CHECK(intensity_of(run).intensity.sign_source ==
          "Pixel Intensity Relationship Sign (0028,1041)");
    run.set(kSign, "7");
    CHECK(intensity_of(run).intensity.sign == +1);
    CHECK(warned(intensity_of(run), "neither 1 nor -1"));
}

TEST_CASE("a modality LUT leads back to linear intensity") {
    MadeRun run;
    run.set(kRelationship, "LOG");
    set_lut(run, "4\\100\\16", {1, 10, 100, 1000});
    const IntensityScale scale = intensity_of(run).intensity;
    CHECK(scale.to_linear == std::vector<float>{1.0F, 10.0F, 100.0F, 1000.0F});
    CHECK(scale.first_mapped_value == 100);
}

TEST_CASE("opacities are called relative only where nothing leads back to intensity") {
    MadeRun run;
    run.set(kRelationship, "LOG").set({0x0028, 0x1053}, "1").set({0x0028, 0x1054}, "OD");
    CHECK_FALSE(warned(intensity_of(run), "relative"));
    run.set({0x0028, 0x1054}, "US");
    CHECK(warned(intensity_of(run), "relative"));
    set_lut(run, "4\\100\\16", {1, 10, 100, 1000});
    run.set(kRelationship, GENERATE("LOG", "DISP", "OTHER"));
    CHECK_FALSE(warned(intensity_of(run), "relative"));
}

TEST_CASE("zero entries mean 65536 and the first value is signed when the pixels are") {
    MadeRun run;
    run.set(kRelationship, "LOG");
    std::vector<Uint16> ramp(65536);
    for (std::size_t i = 0; i < ramp.size(); ++i) {
        ramp[i] = static_cast<Uint16>(i);
    }
    DcmItem& lut = run.item(run.data(), kLut);
    lut.putAndInsertString(DcmTag(DCM_LUTDescriptor, EVR_SS), "0\\-32768\\16");
    lut.putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_OW), ramp.data(), ramp.size());
    PixelFormat format;
    format.is_signed = true;
    const IntensityScale scale = intensity_of(run, format).intensity;
    REQUIRE(scale.to_linear.size() == 65536);
    CHECK(scale.first_mapped_value == -32768);
    CHECK(scale.to_linear.back() == 65535.0F);
}

TEST_CASE("8-bit entries may be packed two to a word") {
    MadeRun run;
    run.set(kRelationship, "LOG");
    set_lut(run, "4\\0\\8", {0x0201, 0x0403});
    CHECK(intensity_of(run).intensity.to_linear == std::vector<float>{1.0F, 2.0F, 3.0F, 4.0F});
}

TEST_CASE("a LUT that is short, flat, of another kind or beside LIN is not used, with a warning") {
    MadeRun run;
    run.set(kRelationship, "LOG");
    std::string part;
    SECTION("short") {
        set_lut(run, "9\\0\\16", {1, 2, 3});
        part = "fewer entries";
    }
    SECTION("flat") {
        set_lut(run, "3\\0\\16", {5, 5, 5});
        part = "maps every value to the same";
    }
    SECTION("optical density") {
        set_lut(run, "3\\0\\16", {1, 2, 3});
        test::set(run.item(run.data(), kLut), {0x0028, 0x3004}, "OD");
        part = "leads to OD";
    }
    SECTION("linear already") {
        set_lut(run, "3\\0\\16", {1, 2, 3});
        run.set(kRelationship, "LIN");
        part = "beside Pixel Intensity Relationship LIN";
    }
    const RunInfo info = intensity_of(run);
    CHECK(info.intensity.to_linear.empty());
    CHECK(warned(info, part));
}

TEST_CASE("rescale is kept with its type, a slope of zero is not") {
    MadeRun run;
    run.set({0x0028, 0x1053}, "2.5").set({0x0028, 0x1052}, "-7").set({0x0028, 0x1054}, "US");
    const IntensityScale scale = intensity_of(run).intensity;
    CHECK(scale.has_rescale);
    CHECK(scale.rescale_slope == 2.5);
    CHECK(scale.rescale_intercept == -7.0);
    CHECK(scale.rescale_type == "US");
    run.set({0x0028, 0x1053}, "0");
    CHECK_FALSE(intensity_of(run).intensity.has_rescale);
    CHECK(warned(intensity_of(run), "Rescale Slope (0028,1053) is 0"));
}

TEST_CASE("a window that is none is not used") {
    MadeRun run;
    run.set({0x0028, 0x1050}, "2048\\100").set({0x0028, 0x1051}, "4096\\50");
    CHECK(intensity_of(run).window == DisplayWindow{2048.0, 4096.0});
    run.set({0x0028, 0x1051}, GENERATE("0", "-5", "99999999"));
    const RunInfo info = intensity_of(run);
    CHECK(!info.window);
    CHECK(warned(info, "(0028,1050)/(0028,1051)"));
}

TEST_CASE("enhanced runs carry relationship and sign per frame") {
    MadeRun run;
    run.remove(kRelationship);
    DcmItem& properties = run.item(run.item(run.data(), {0x5200, 0x9230}), {0x0028, 0x9443});
    test::set(properties, kRelationship, "LOG");
    test::set(properties, kSign, "-1");
    const IntensityScale scale = intensity_of(run).intensity;
    CHECK(scale.relationship == PixelIntensityRelationship::logarithmic);
    CHECK(scale.sign == -1);
}
