using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Gallery.Store.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ScoringAndCalibrations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<float>(
                name: "template_length",
                table: "persons",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "active_calibration",
                table: "galleries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "mean_of_best",
                table: "galleries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "scoring",
                table: "galleries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "calibrations",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_calibrations", x => new { x.tenant_id, x.gallery_id, x.version });
                    table.ForeignKey(
                        name: "FK_calibrations_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "gallery_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_persons_tenant_id_gallery_id_template_length",
                table: "persons",
                columns: new[] { "tenant_id", "gallery_id", "template_length" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "calibrations");

            migrationBuilder.DropIndex(
                name: "IX_persons_tenant_id_gallery_id_template_length",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "template_length",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "active_calibration",
                table: "galleries");

            migrationBuilder.DropColumn(
                name: "mean_of_best",
                table: "galleries");

            migrationBuilder.DropColumn(
                name: "scoring",
                table: "galleries");
        }
    }
}
