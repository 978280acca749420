#include "dsp/dicom/network/secure_layer.h"

#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmtls/tlslayer.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <string>

#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/network/secrets.h"

namespace dsm::dicom {
namespace {

Error unusable(const std::filesystem::path& file, const OFCondition& status) {
    return {ErrorKind::invalid_input, file.string(),
            std::string("cannot be used for TLS: ") + status.text(), "name a PEM file that fits"};
}

Result<void> put_identity(DcmTLSTransportLayer& layer, const TlsOptions& tls) {
    if (tls.certificate.empty()) {
        return {};
    }
    const auto password = read_secret(tls.key_password_file);
    if (!password) {
        return tl::unexpected(password.error());
    }
    layer.setPrivateKeyPasswd(password->c_str());  // never asked for on the terminal
    OFCondition status = layer.setPrivateKeyFile(tls.key.c_str(), DCF_Filetype_PEM);
    if (status.bad()) {
        return tl::unexpected(unusable(tls.key, status));
    }
    status = layer.setCertificateFile(tls.certificate.c_str(), DCF_Filetype_PEM);
    if (status.bad()) {
        return tl::unexpected(unusable(tls.certificate, status));
    }
    if (!layer.checkPrivateKeyMatchesCertificate()) {
        return fail(ErrorKind::invalid_input, tls.key.string(),
                    "is not the key of " + tls.certificate.string(),
                    "name the key that belongs to it");
    }
    return {};
}

Result<void> put_trust(DcmTLSTransportLayer& layer, const TlsOptions& tls) {
    if (tls.authorities.empty()) {
        SSL_CTX_set_default_verify_paths(layer.getNativeHandle());
        return {};
    }
    const OFCondition status =
        layer.addTrustedCertificateFile(tls.authorities.c_str(), DCF_Filetype_PEM);
    return status.good() ? Result<void>() : tl::unexpected(unusable(tls.authorities, status));
}

Result<std::shared_ptr<DcmTLSTransportLayer>> new_layer(T_ASC_NetworkRole role,
                                                        const TlsOptions& tls) {
    prepare_library();
    if (auto usable = check_tls_files(tls); !usable) {
        return tl::unexpected(usable.error());
    }
    auto layer = std::make_shared<DcmTLSTransportLayer>(role, nullptr, OFTrue);
    OFCondition status = layer->setTLSProfile(TSP_Profile_BCP195_ND);
    if (status.good()) {
        status = layer->activateCipherSuites();
    }
    if (status.bad()) {
        return fail(ErrorKind::internal, "TLS", status.text(), "check the OpenSSL installation");
    }
    if (auto put = put_identity(*layer, tls); !put) {
        return tl::unexpected(put.error());
    }
    return layer;
}

bool is_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

}  // namespace

Result<SecureLayer> secure_layer(const Peer& peer, const TlsOptions& tls) {
    if (!tls.on) {
        return SecureLayer();
    }
    auto layer = new_layer(NET_REQUESTOR, tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    if (auto trusts = put_trust(**layer, tls); !trusts) {
        return tl::unexpected(trusts.error());
    }
    (*layer)->setCertificateVerification(DCV_requireCertificate);
    X509_VERIFY_PARAM* check = SSL_CTX_get0_param((*layer)->getNativeHandle());
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = is_address(peer.host)
                        ? X509_VERIFY_PARAM_set1_ip_asc(check, peer.host.c_str())
                        : X509_VERIFY_PARAM_set1_host(check, peer.host.c_str(), 0);
    if (set != 1) {
        return fail(ErrorKind::invalid_input, peer.name(), "its host cannot be checked by TLS",
                    "name it as its certificate does");
    }
    return SecureLayer(*layer);
}

Result<SecureLayer> accepting_layer(const TlsOptions& tls) {
    if (!tls.on) {
        return SecureLayer();
    }
    if (tls.certificate.empty()) {
        return fail(ErrorKind::invalid_input, "--tls", "needs a certificate of our own",
                    "give --cert and --key");
    }
    auto layer = new_layer(NET_ACCEPTOR, tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    if (!tls.authorities.empty()) {
        if (auto trusts = put_trust(**layer, tls); !trusts) {
            return tl::unexpected(trusts.error());
        }
    }
    (*layer)->setCertificateVerification(tls.authorities.empty() ? DCV_ignoreCertificate
                                                                 : DCV_requireCertificate);
    return SecureLayer(*layer);
}

}  // namespace dsm::dicom
