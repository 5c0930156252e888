import com.azure.core.credential.TokenCredential;
import com.azure.core.management.AzureEnvironment;
import com.azure.identity.ClientSecretCredentialBuilder;
import java.util.HashMap;
import java.util.Map;

/** Credentials from the variables of the environment, and the cloud that has them. */
final class Connection {
    private Connection() {
    }

    /** A cloud with this endpoint and authority. */
    static AzureEnvironment cloudAt(String url) {
        Map<String, String> endpoints = new HashMap<>(AzureEnvironment.AZURE.getEndpoints());
        endpoints.put("activeDirectoryEndpointUrl", url);
        endpoints.put("resourceManagerEndpointUrl", url);
        return new AzureEnvironment(endpoints);
    }

    /** A credential of the public cloud. */
    static TokenCredential secret() {
        return builder().build();
    }

    /** A credential that logs in at this authority. */
    static TokenCredential secretAt(String url) {
        return builder().authorityHost(url).disableInstanceDiscovery().build();
    }

    private static ClientSecretCredentialBuilder builder() {
        return new ClientSecretCredentialBuilder()
            .tenantId(System.getenv("AZURE_TENANT_ID"))
            .clientId(System.getenv("AZURE_CLIENT_ID"))
            .clientSecret(System.getenv("AZURE_CLIENT_SECRET"));
    }
}
